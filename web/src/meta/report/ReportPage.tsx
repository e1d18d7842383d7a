// A report: what it asks for, a chart, the figures in full. Drawn from metadata.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ChartNoAxesColumn, Download, Printer } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { send } from '@/api/client';
import { fetchDocument, saveDocument } from '@/api/download';
import type { Chart, Report } from '@/api/types';
import { useIsPhone } from '@/lib/media';
import { IconButton } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { Icon } from '@/ui/Icon';
import { Menu } from '@/ui/Menu';
import { PageHead } from '@/ui/PageHead';
import { ScrollArea } from '@/ui/ScrollArea';
import { Segmented } from '@/ui/Segmented';
import { Select } from '@/ui/Select';
import { Empty, WaitingLines } from '@/ui/states';
import { toasts } from '@/ui/toasts';
import { may, useContexts, useEntity, useLabel } from '../context';
import { useRegionName } from '../data';
import { widthOf } from '../list/useWidths';
import { ProblemNotice, useProblemText } from '../ProblemNotice';
import { ReportChart } from './ReportChart';
import { ReportHead, ReportInput, type Search } from './ReportInput';
import { ReportTable } from './ReportTable';
import {
  type Answer,
  chartsOf,
  defaultsOf,
  inputOf,
  type Line,
  missingInput,
  sectionsOf,
  shownColumns,
  wrongInput,
} from './report';

/** How many columns an upright sheet of A4 takes. */
const mostUpright = 8;

interface PageProps {
  report: Report;
  search: Search;
  onSearch(next: Search): void;
}

export function ReportPage({ report, search, onSearch }: PageProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const input = inputOf(report, search);
  const given = { ...defaultsOf(report), ...input };
  const path = `reports/${report.entity}/${report.name}`;
  // What has to be said first is not asked of the server, which could only refuse.
  const missing = missingInput(report, given);
  const asked = useQuery({
    enabled: !missing,
    queryKey: ['report', report.entity, report.name, input],
    queryFn: ({ signal }) => send<Answer>(path, { method: 'POST', json: input, signal }),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const errors = asked.isFetching ? {} : wrongInput(report, asked.error);
  const [wrong] = report.input.filter(({ key }) => errors[key]);
  const help = label(report.help);
  // What has many columns lies on its side on paper.
  const isWide = asked.data !== undefined && shownColumns(report, asked.data).length > mostUpright;
  return (
    <div className={cx('flex h-full min-h-0 flex-col print:block print:h-auto', isWide && 'paper-wide')}>
      <div className="print:hidden">
        <PageHead
          title={label(report.label)}
          icon={<Icon name={report.icon} size={16} className="text-ink-3" />}
          back="/reports"
          place={t('report.all')}
        >
          {!missing && (
            <>
              <IconButton label={t('report.print')} onPress={() => window.print()}>
                <Printer size={15} aria-hidden="true" />
              </IconButton>
              <ExportMenu report={report} path={path} input={input} />
            </>
          )}
        </PageHead>
      </div>
      <ScrollArea label={label(report.label)} className="paper flex-1 print:overflow-visible">
        <div className="flex flex-col gap-4 p-4 desk:px-6 desk:py-5 print:block print:space-y-3 print:p-0">
          <ReportHead report={report} search={search} at={asked.dataUpdatedAt || Date.now()} />
          {help && <p className="text-ink-2 print:hidden">{help}</p>}
          <ReportInput {...{ report, search, errors }} onChange={onSearch} />
          {missing ? (
            <Empty
              icon={<Icon name={report.icon} size={18} />}
              title={t('report.missing', { name: label(missing.label) })}
              text={t('report.missing_text')}
            />
          ) : wrong ? (
            // Its field says what is wrong with it.
            <Empty
              icon={<Icon name={report.icon} size={18} />}
              title={t('report.wrong', { name: label(wrong.label) })}
              text={t('report.wrong_text')}
            />
          ) : asked.error && !asked.data ? (
            <ProblemNotice error={asked.error} retry={() => asked.refetch()} />
          ) : asked.data ? (
            <>
              {asked.error && <ProblemNotice error={asked.error} retry={() => asked.refetch()} />}
              <Figures report={report} answer={asked.data} asked={given} isOld={asked.isPlaceholderData} />
            </>
          ) : (
            <WaitingLines lines={8} />
          )}
        </div>
      </ScrollArea>
    </div>
  );
}

/** Beside a name that is chosen among others, and of all of them on a phone; in pixels. */
const besides = 24;
const phoneRoom = 310;

interface FiguresProps {
  report: Report;
  answer: Answer;
  /** What it was asked: a figure may be an amount by that. */
  asked: Line;
  isOld: boolean;
}

function Figures({ report, answer, asked, isOld }: FiguresProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const contexts = useContexts(useRegionName(report.columns.some((field) => field.type === 'region')));
  const [chosen, setChosen] = useState(0);
  const [money, setMoney] = useState(0);
  const isPhone = useIsPhone();
  const sections = sectionsOf(report, answer);
  const nameOf = ({ of }: Chart) => {
    const names = of.map((key) => label(report.columns.find((field) => field.key === key)?.label));
    if (names.length < 3) return new Intl.ListFormat(contexts.locale).format(names);
    return t('report.series', { name: names[0], count: names.length - 1 });
  };
  if (answer.rows.length === 0)
    return (
      <Empty
        icon={<ChartNoAxesColumn size={18} aria-hidden="true" />}
        title={t('report.empty')}
        text={t('report.empty_text')}
      />
    );
  const section = sections[money] ?? sections[0];
  const charts = chartsOf(report, section?.rows ?? []);
  const chart = charts[chosen] ?? charts[0];
  const figures = charts.map((one, n) => ({ id: String(n), name: nameOf(one) }));
  // Names that do not stand side by side on a phone are a list there.
  const isLong = figures.reduce((sum, { name }) => sum + widthOf(name) + besides, 0) > phoneRoom;
  const Choice = isPhone && isLong ? Select : Segmented;
  return (
    <div className={isOld ? 'flex flex-col gap-4 opacity-60' : 'flex flex-col gap-4'} aria-busy={isOld}>
      {chart && section && (
        <section
          aria-label={t('report.drawn')}
          className="rounded-md border border-line p-4 print:break-inside-avoid print:border-0 print:p-0"
        >
          {(charts.length > 1 || sections.length > 1) && (
            <div className="mb-3 flex flex-wrap gap-3 print:hidden">
              {charts.length > 1 && (
                <Choice
                  label={t('report.figure')}
                  hideLabel
                  value={String(chart === charts[chosen] ? chosen : 0)}
                  onChange={(next) => setChosen(Number(next))}
                  items={figures}
                />
              )}
              {sections.length > 1 && (
                <Segmented
                  label={t('report.currency')}
                  hideLabel
                  value={String(money)}
                  onChange={(next) => setMoney(Number(next))}
                  items={sections.slice(0, 5).map((one, n) => ({ id: String(n), name: one.currency ?? '' }))}
                />
              )}
            </div>
          )}
          <ReportChart {...{ report, chart, section, contexts, asked }} />
        </section>
      )}
      <ReportTable {...{ report, answer, contexts, asked }} />
      {answer.more && <p className="text-meta text-ink-3">{t('report.more')}</p>}
    </div>
  );
}

const kinds = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv',
};

function ExportMenu({ report, path, input }: { report: Report; path: string; input: object }) {
  const { t } = useTranslation();
  const entity = useEntity(report.entity);
  const problem = useProblemText();
  if (!entity || !may(entity, 'export')) return null;
  async function fetchFile(kind: keyof typeof kinds) {
    try {
      saveDocument(await fetchDocument(`${path}/${kind}`, { json: input }), kinds[kind]);
    } catch (error) {
      toasts.warn(problem(error));
    }
  }
  return (
    <Menu
      entries={[
        { id: 'xlsx', name: t('report.xlsx'), onAction: () => fetchFile('xlsx') },
        { id: 'csv', name: t('report.csv'), onAction: () => fetchFile('csv') },
      ]}
    >
      <IconButton label={t('report.export')}>
        <Download size={15} aria-hidden="true" />
      </IconButton>
    </Menu>
  );
}
