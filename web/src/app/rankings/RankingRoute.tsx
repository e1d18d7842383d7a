import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { RankingPage, type RankingSearch } from '@/modules/targets/RankingPage';
import { useTitle } from '../useTitle';

export function RankingRoute() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as RankingSearch;
  useTitle(t('ranking.title'));
  return (
    <RankingPage
      search={search}
      onSearch={(next) => navigate({ to: '.', search: next as never, replace: true })}
    />
  );
}
