"""Plan, fund, explain and stress-test a joint production programme; what a user calls is in `coproduce.api`.

Nothing is imported here, so that the command starts quickly.
"""
