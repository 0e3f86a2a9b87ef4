"""Stand in for every model provider on a port of this machine, to be tried by hand."""

import argparse
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from llm_roles import ROLES, task_of
from llm_standin import BASES, MODELS, Asked, Reply, StandIn

CURL = """\
# {provider}
curl -s -X PUT http://localhost:8000/api/v1/llm-config \\
  -H "Authorization: Bearer $API_KEY" -H "Content-Type: application/json" \\
  -d '{{"provider": "{provider}", "model": "{model}", "api_base": "{base}", "api_key": "any-key"}}'
"""


def main() -> None:
    """Serve until interrupted, and say what is asked for."""
    parser = argparse.ArgumentParser(prog="scripts/provider-standin", description=__doc__)
    parser.add_argument("--port", type=int, default=11435, help="port on 127.0.0.1 (11435)")
    parser.add_argument("--role", choices=ROLES, default="honest", help="how it behaves (honest)")
    arguments = parser.parse_args()
    role = ROLES[arguments.role]

    def script(asked: Asked) -> Reply:
        sys.stdout.write(f"{asked.path}: {task_of(asked) or 'unknown'}\n")
        sys.stdout.flush()
        return role(asked)

    server = StandIn(script, port=arguments.port)
    sys.stdout.write(
        f"A stand-in for model providers listens at {server.url}: {arguments.role}.\n"
    )
    sys.stdout.write("Choose one of them, with the key of your organization in API_KEY:\n\n")
    for provider, model in MODELS.items():
        base = f"{server.url}{BASES[provider]}"
        sys.stdout.write(CURL.format(provider=provider, model=model, base=base) + "\n")
    sys.stdout.flush()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    signal.pause()


if __name__ == "__main__":
    main()
