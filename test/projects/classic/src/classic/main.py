from classic.crew import TrailGuide


def run():
    TrailGuide().crew().kickoff(inputs={"region": "Karwendel", "days": "3"})


if __name__ == "__main__":
    run()
