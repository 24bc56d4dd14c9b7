"""An object list as text: one form per meaning, to group, compare, hash and show by."""

import polars as pl


def with_objects_text(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with `objects` as text, in its order: `1 "10" 6 "P1"`, pairs sorted, "" for none.

    The order in which a source names the pairs means nothing, so it is not kept. Quotes and backslashes in a code
    are escaped by a backslash: different lists never give the same text. A missing dimension or code is `~`.
    """
    dimension = pl.element().struct.field("dimension").cast(pl.String).fill_null("~")
    code = pl.element().struct.field("object").str.replace_all(r'(["\\])', r"\${1}")
    quoted = pl.concat_str(pl.lit('"'), code, pl.lit('"')).fill_null("~")
    pair = pl.concat_str(dimension, pl.lit(" "), quoted)
    # Real books have a few hundred different lists in a million rows: each is written once.
    distinct = frame.select("objects").unique()
    written = distinct.with_columns(
        objects_text=pl.col("objects").list.eval(pair).list.sort().list.join(" ").fill_null("")
    )
    return (
        frame.join(written, on="objects", how="left", nulls_equal=True, maintain_order="left")
        .with_columns(pl.col("objects_text").alias("objects"))
        .drop("objects_text")
    )
