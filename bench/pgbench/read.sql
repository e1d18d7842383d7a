SELECT {columns} FROM crm_customer t WHERE t.id = :id AND t.deleted_at IS NULL AND 1=1;
SELECT id, target FROM crm_customer__tags WHERE id = :id ORDER BY id, position;
SELECT id, target FROM crm_customer__phones WHERE id = :id ORDER BY id, position;
SELECT id, target FROM crm_customer__attachments WHERE id = :id ORDER BY id, position;
SELECT id, field, text FROM crm_customer_long WHERE id = :id AND field = 'remark';
