import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { apiUrl } from '@/api/client';
import { changeLanguage } from '@/lib/i18n';
import { useShell } from '@/lib/shell';
import { Button } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { faceQuery } from './session';

interface DoorwayProps {
  title: string;
  text?: string;
  children: ReactNode;
}

/** The quiet page before the frame: signing in, the first run. */
export function Doorway({ title, text, children }: DoorwayProps) {
  const { t } = useTranslation();
  const locale = useShell((shell) => shell.locale);
  const other = locale === 'en' ? 'zh-CN' : 'en';
  useEffect(() => {
    document.title = `${title} · Guanxi`;
  }, [title]);
  const { data: face } = useQuery(faceQuery);
  return (
    <div className="flex min-h-full flex-col overflow-auto">
      <main className="flex flex-1 flex-col items-center justify-center px-4 py-10">
        <div className="w-full max-w-[400px]">
          <div className="mb-5 flex h-9 items-center gap-3">
            <img
              src={face?.logo ? apiUrl('company/logo', { v: face.logo }) : '/icon.svg'}
              alt=""
              className={cx('h-9 object-contain', face?.logo ? 'max-w-40' : 'w-9')}
            />
            {face?.name && (
              <span className="min-w-0 truncate font-semibold">{face.short_name || face.name}</span>
            )}
          </div>
          <h1 className="text-hero font-semibold">{title}</h1>
          {text && <p className="mt-1 text-ink-2">{text}</p>}
          <div className="mt-6 rounded-lg border border-line bg-panel p-5">{children}</div>
        </div>
      </main>
      <footer className="flex justify-center pb-4">
        <Button look="quiet" onPress={() => changeLanguage(other)}>
          <span lang={other}>{t('language.other')}</span>
        </Button>
      </footer>
    </div>
  );
}
