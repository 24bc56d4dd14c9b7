"""Export: a voucher is booked once in effect, and never lost (T 3a, P 7.6.4).

How it fails, and what holds then (docs/export.md has the table of every fault with its tests):

1. The answer is lost: timeout, reset, HTML from a gateway, a truncated body, a cancelled task, a fault of the plugin.
   Whatever was raised is AMBIGUOUS (`outcomes`), and nothing is sent again before a look after the waiting period
   (`readback`): a source may book what it was sent after our connection broke.
2. The process dies anywhere. SENDING is committed before the first byte (`sending`), so whoever takes over after the
   lease lapsed knows what may be under way (`desk.take_batch`).
3. The process stalls, and comes back when another has taken over. Every write compares the lease's epoch
   (`journal_lease.held_by`); directly before the call it asks whether its lease outlasts one (`Desk.may_send`).
4. Two users, tabs or processes export. One approval is one batch (unique), one batch at a time is under way for each
   company and year (unique), one holder works on it (lease), one run has the year (`runs`).
5. A backup is restored: the journal forgets what was sent. The marker belongs to the entry, and each piece of work
   begins by looking for the markers of what it is about to send, in every series that it could be in
   (`batch.look_before_first_send`); right after a restore it waits, for what the lost journal had on the way.
6. The source states another voucher than was sent, or one that differs: `outcomes.states`, `matching`.
7. A look fails, or pages move under it: never an absence (`look.look_twice`, `readback.decides`).
8. A proxy sends twice, or the source books after the waiting period: found by the final looks (`sweeps`), for a day.
9. Somebody edits the voucher or strips its marker: matched by marker first, then word for word above the high-water
   mark; unsure is a person's to decide.
10. The company, its number or the connection is another than was approved: compared before each call (`company`).
11. The payload is another than was approved: its hash is computed anew from what is about to be sent (`sending`).
12. The disk is full when the outcome is to be written: it stays SENDING, and is looked up like any other.

Modules: `limits` (every figure); `payload`, `matching`, `outcomes` (pure); `steps`, `verdicts`
(one transaction, and what is written in it); `desk` (lease); `freeze`, `look`, `sending`, `readback`, `rest`,
`sweeps` (the parts); `batch` (one batch to rest); `settle` (for imports); `views`.
"""
