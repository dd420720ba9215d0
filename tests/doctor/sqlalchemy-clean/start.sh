exec uvicorn app.main:app --workers 4
