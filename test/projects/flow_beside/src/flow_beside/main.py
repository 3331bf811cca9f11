from crewai.flow.flow import Flow, listen, start
from pydantic import BaseModel

from flow_beside.crews.poem.poem_crew import PoemCrew
from flow_beside.crews.review.review_crew import ReviewCrew


class PoemState(BaseModel):
    lines: int = 4
    poem: str = ""
    review: str = ""


class PoemFlow(Flow[PoemState]):
    @start()
    def write(self):
        result = PoemCrew().crew().kickoff(inputs={"lines": self.state.lines})
        self.state.poem = result.raw

    @listen(write)
    def review(self):
        result = ReviewCrew().crew().kickoff(inputs={"poem": self.state.poem})
        self.state.review = result.raw


def kickoff():
    PoemFlow().kickoff()
