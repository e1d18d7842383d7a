SELECT t.id, t.version, t.name, t.status, t.level, t.owner_id, t.industry, t.region, t.phone, t.amount, t.next_follow_on, t.last_followed_at, t.source_created_at
FROM crm_customer t WHERE {where} ORDER BY t.source_created_at DESC NULLS LAST, t.id DESC LIMIT 51;
SELECT count(*) FROM (SELECT 1 FROM crm_customer t WHERE {where} LIMIT 10001) c;
