"""`closing export`: closing entries out of the house, into the source or into a file."""

from cyclopts import App

from closing_host.cli.export_files import file, mark

app = App(name="export", help="Closing entries into a file: file, mark.")
app.command(file)
app.command(mark)
