curl $BASE/v1/resumes/generate \
  -X POST \
  -H "Authorization: Bearer $API_KEY" \
  -H "Content-Type: application/json" \
  -H "Accept: application/pdf" \
  --output resume.pdf \
  -d '{
    "job_description": "We are hiring a Senior Data Analyst with SQL, Python, dashboarding, stakeholder management, and experimentation experience.",
    "template_id": "template1"
  }'

curl $BASE/v1/resumes \
  -H "Authorization: Bearer $API_KEY" \
  -H "Accept: application/json"

curl "$BASE/v1/resumes?limit=25" \
  -H "Authorization: Bearer $API_KEY"
