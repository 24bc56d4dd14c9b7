"""The Fortnox data source: bookkeeping in, attachments, closing entries out."""
