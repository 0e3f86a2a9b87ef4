"""Cover letters and outreach messages: written without a model, and judged whoever wrote them."""
