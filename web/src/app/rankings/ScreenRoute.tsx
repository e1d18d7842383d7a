import { useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { MetaProvider } from '@/meta/context';
import { ScreenPage } from '@/modules/targets/ScreenPage';
import { metaQuery, sessionQuery } from '../session';
import { useKeepLook } from '../useKeepLook';
import { useTitle } from '../useTitle';

/** The full screen has no frame around it, only what it must know. */
export function ScreenRoute() {
  const { data: me } = useSuspenseQuery(sessionQuery);
  const { data: meta } = useSuspenseQuery(metaQuery);
  if (!me) return null;
  return (
    <MetaProvider meta={meta} me={me}>
      <Inside />
    </MetaProvider>
  );
}

function Inside() {
  const { t } = useTranslation();
  const { id = '' } = useParams({ strict: false }) as Record<string, string | undefined>;
  useKeepLook();
  useTitle(t('ranking.screen'));
  return <ScreenPage id={id} />;
}
