from command_line import Closing, Said, closing

__all__ = ["Closing", "Said", "closing"]
