from crewai.tools import BaseTool


class CompassTool(BaseTool):
    name: str = "Compass"
    description: str = "Tells where north is."

    def _run(self, place: str) -> str:
        return "up"
