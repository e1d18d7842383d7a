// All reports that the member may see, by the part of the business they are of, as the menu has it.
import { Link } from '@tanstack/react-router';
import { ChartColumn } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useLabel, useMeta } from '@/meta/context';
import { paths } from '@/meta/paths';
import { Icon } from '@/ui/Icon';
import { PageHead } from '@/ui/PageHead';
import { ScrollArea } from '@/ui/ScrollArea';
import { NoPermission } from '@/ui/states';
import { useTitle } from '../useTitle';

export function ReportsPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const { reports, menu } = useMeta();
  useTitle(t('report.all'));
  const moduleOf = (entity: string) => entity.split('.')[0];
  const subjects = menu.filter((group) => reports.some((one) => moduleOf(one.entity) === group.module));
  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHead
        title={t('report.all')}
        icon={<ChartColumn size={16} aria-hidden="true" className="text-ink-3" />}
      />
      <ScrollArea label={t('report.all')} className="flex-1 p-4 desk:px-6 desk:py-5">
        {reports.length === 0 && <NoPermission />}
        <div className="mx-auto flex max-w-5xl flex-col gap-7">
          {subjects.map((group) => (
            <section key={group.module} aria-label={label(group.label)}>
              <h2 className="mb-2 text-meta font-medium text-ink-3">{label(group.label)}</h2>
              <ul className="grid gap-3 desk:grid-cols-3">
                {reports
                  .filter((report) => moduleOf(report.entity) === group.module)
                  .map((report) => (
                    <li key={report.name}>
                      <Link
                        to={paths.report(report.entity, report.name)}
                        className="flex h-full gap-3 rounded-md border border-line p-3 hover:bg-hover"
                      >
                        <span className="grid size-8 shrink-0 place-items-center rounded-sm bg-accent-wash text-accent-ink">
                          <Icon name={report.icon} size={16} />
                        </span>
                        <span className="min-w-0">
                          <span className="block font-medium">{label(report.label)}</span>
                          <span className="block text-meta text-ink-3">{label(report.help)}</span>
                        </span>
                      </Link>
                    </li>
                  ))}
              </ul>
            </section>
          ))}
        </div>
      </ScrollArea>
    </div>
  );
}
