\set id random(1, :rows)
BEGIN;
{read}
{lines}
ROLLBACK;
