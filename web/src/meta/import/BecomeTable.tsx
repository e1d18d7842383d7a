import { CircleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Entity, ImportPreview } from '@/api/types';
import { ScrollArea } from '@/ui/ScrollArea';
import { fieldsOf, useLabel } from '../context';

interface BecomeProps {
  entity: Entity;
  rows: ImportPreview['become'];
  fields: string[];
}

/** The first rows as they would be: names found, dates and amounts understood, or why not. */
export function BecomeTable({ entity, rows, fields }: BecomeProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const known = fieldsOf(entity);
  if (rows.length === 0 || fields.length === 0) return null;
  const shown = fields.filter((key) => known.has(key));
  return (
    <section>
      <h2 className="mb-1.5 font-medium">{t('import.become')}</h2>
      <ScrollArea label={t('import.become')} className="rounded-md border border-line">
        <table className="w-full border-collapse">
          <thead>
            <tr className="border-b border-line bg-sunken text-left text-meta text-ink-3">
              <th className="px-3 py-1.5 font-medium">{t('import.row')}</th>
              {shown.map((key) => (
                <th key={key} className="px-3 py-1.5 font-medium whitespace-nowrap">
                  {label(known.get(key)?.label)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.line} className="border-b border-line align-top last:border-b-0">
                <td className="figures px-3 py-1.5 text-ink-3">{row.line}</td>
                {shown.map((key) => {
                  const error = row.errors.find((one) => one.field === key);
                  return (
                    <td key={key} className="max-w-64 px-3 py-1.5">
                      {error ? (
                        <span className="flex items-start gap-1.5 text-danger">
                          <CircleAlert size={14} aria-hidden="true" className="mt-[3px] shrink-0" />
                          <span className="min-w-32 break-words">{error.message}</span>
                        </span>
                      ) : (
                        <span className="line-clamp-2 w-max max-w-56 break-words">
                          {row.values[key] ?? ''}
                        </span>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
    </section>
  );
}
