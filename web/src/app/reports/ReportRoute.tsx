import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Ban } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useMeta } from '@/meta/context';
import { ReportPage } from '@/meta/report/ReportPage';
import { buttonClass } from '@/ui/Button';
import { Empty } from '@/ui/states';
import { useTitle } from '../useTitle';

/** Finds a report's metadata and hands over to its page. */
export function ReportRoute() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const params = useParams({ strict: false }) as Record<string, string | undefined>;
  const search = useSearch({ strict: false }) as Record<string, string | undefined>;
  const name = `${params.module}.${params.thing}`;
  const report = useMeta().reports.find((one) => one.entity === name && one.name === params.report);
  useTitle(report?.label);
  if (!report)
    return (
      <Empty
        icon={<Ban size={18} aria-hidden="true" />}
        title={t('report.none_such')}
        text={t('place.no_entity_text')}
      >
        <Link to="/reports" className={buttonClass('plain')}>
          {t('report.all')}
        </Link>
      </Empty>
    );
  return (
    <ReportPage
      key={`${name} ${report.name}`}
      report={report}
      search={search}
      onSearch={(next) => navigate({ to: '.', search: next as never, replace: true })}
    />
  );
}
