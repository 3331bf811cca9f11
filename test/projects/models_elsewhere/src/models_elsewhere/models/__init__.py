from .base import Rated, Rating
from .report import Finding, Report

__all__ = ["Finding", "Rated", "Rating", "Report"]
