import { useTranslation } from 'react-i18next';
import { Problem } from '@/api/client';
import { Button } from '@/ui/Button';
import { Notice } from '@/ui/states';

/** What happened, in words for people: the server's own where it gave some. */
export function useProblemText(): (error: unknown) => string {
  const { t } = useTranslation();
  return (error) => {
    if (!(error instanceof Problem)) return t('error.page');
    if (error.status === 0) return t('error.unreachable');
    return error.body.detail || error.body.title || t('error.status', { status: error.status });
  };
}

/** What was asked wrongly, or by somebody who may not, is refused the second time too. */
const isRefusal = (error: unknown) => error instanceof Problem && [400, 403, 422].includes(error.status);

export function ProblemNotice({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const text = useProblemText();
  const id = error instanceof Problem ? error.body.request_id : undefined;
  return (
    <Notice text={text(error)} id={id}>
      {retry && !isRefusal(error) && (
        <Button onPress={retry} className="mt-2">
          {t('action.retry')}
        </Button>
      )}
    </Notice>
  );
}
