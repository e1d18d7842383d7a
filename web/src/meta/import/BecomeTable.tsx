import { CircleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ImportPreview } from '@/api/types';
import { ScrollArea } from '@/ui/ScrollArea';
import type { Target } from './targets';

interface BecomeProps {
  rows: ImportPreview['become'];
  fields: string[];
  targets: Map<string, Target>;
}

/** The first rows as they would be: names found, dates and amounts understood, or why not. */
export function BecomeTable({ rows, fields, targets }: BecomeProps) {
  const { t } = useTranslation();
  if (rows.length === 0 || fields.length === 0) return null;
  const shown = fields.filter((key) => targets.has(key));
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
                  {targets.get(key)?.name}
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
