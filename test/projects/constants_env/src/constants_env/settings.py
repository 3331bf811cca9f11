import os
from pathlib import Path

from dotenv import load_dotenv

load_dotenv()

OUTPUT = "output"
ITERATIONS = 3 * 4
REPORT_NAME = os.getenv("REPORT_NAME", "report")
MODEL_NAME = os.environ.get("WRITER_MODEL", "openai/gpt-4o-mini")
FOLDER = Path(OUTPUT) / "weekly"


class Settings:
    delegation = True
    tone = "dry"


settings = Settings()
