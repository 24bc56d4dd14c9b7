from command_line import closing

__all__ = ["closing"]
