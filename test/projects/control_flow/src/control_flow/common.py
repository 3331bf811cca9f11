from crewai import Agent, Crew, Process, Task
from crewai.project import CrewBase, agent, crew, task
from crewai_tools import FileReadTool, SerperDevTool

VERBOSE = True
NAMES = ["one.md", "two.md"]
__version__ = "1"
