import { ChevronDown, ChevronUp, Maximize, MoveHorizontal, ZoomIn, ZoomOut } from 'lucide-react';
import { type KeyboardEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { halfWidth } from '@/lib/digits';
import { IconButton } from '@/ui/Button';
import { SearchField } from '@/ui/SearchField';
import type { Zoom } from './scale';

interface ToolsProps {
  page: number;
  pages: number;
  onGo(page: number): void;
  zoom: number;
  fit: Zoom;
  onStep(way: 1 | -1): void;
  onFit(fit: Zoom): void;
  words: string;
  onWords(words: string): void;
  /** Which of the places found is shown, from 1; undefined while the file is searched. */
  found?: { at: number; of: number };
  onFound(way: 1 | -1): void;
}

/** The bar over a PDF: which page, how large, words in it. */
export function PdfTools(props: ToolsProps) {
  const { page, pages, onGo, zoom, fit, onStep, onFit, words, onWords, found, onFound } = props;
  const { t } = useTranslation();
  function press(event: KeyboardEvent) {
    event.stopPropagation();
    if (event.key === 'Enter' && !event.nativeEvent.isComposing && found && found.of > 0)
      onFound(event.shiftKey ? -1 : 1);
  }
  return (
    <div
      role="toolbar"
      aria-label={t('pdf.tools')}
      className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-panel px-3 py-1"
    >
      <PageBox {...{ page, pages, onGo }} />
      <div className="flex items-center">
        <IconButton label={t('pdf.smaller')} keys="-" onPress={() => onStep(-1)}>
          <ZoomOut size={16} aria-hidden="true" />
        </IconButton>
        <span className="figures w-11 text-center text-ink-2" aria-live="polite">
          {Math.round(zoom * 100)}%
        </span>
        <IconButton label={t('pdf.larger')} keys="+" onPress={() => onStep(1)}>
          <ZoomIn size={16} aria-hidden="true" />
        </IconButton>
        {fit === 'width' ? (
          <IconButton label={t('pdf.fit_page')} keys="9" onPress={() => onFit('page')}>
            <Maximize size={15} aria-hidden="true" />
          </IconButton>
        ) : (
          <IconButton label={t('pdf.fit_width')} keys="0" onPress={() => onFit('width')}>
            <MoveHorizontal size={16} aria-hidden="true" />
          </IconButton>
        )}
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Enter goes to the next place, which has its button */}
      <div onKeyDown={press} className="flex w-full min-w-0 items-center gap-1 desk:ml-auto desk:w-auto">
        {words && found && (
          <>
            <span className="figures whitespace-nowrap text-meta text-ink-3" role="status">
              {found.of === 0 ? t('pdf.none_found') : t('pdf.found', found)}
            </span>
            <IconButton label={t('pdf.found_before')} isDisabled={found.of === 0} onPress={() => onFound(-1)}>
              <ChevronUp size={16} aria-hidden="true" />
            </IconButton>
            <IconButton label={t('pdf.found_next')} isDisabled={found.of === 0} onPress={() => onFound(1)}>
              <ChevronDown size={16} aria-hidden="true" />
            </IconButton>
          </>
        )}
        <SearchField
          label={t('pdf.search')}
          value={words}
          onChange={onWords}
          className="min-w-0 flex-1 desk:!w-52"
        />
      </div>
    </div>
  );
}

function PageBox({ page, pages, onGo }: Pick<ToolsProps, 'page' | 'pages' | 'onGo'>) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(String(page));
  useEffect(() => setTyped(String(page)), [page]);
  function go() {
    const wanted = Number.parseInt(halfWidth(typed), 10);
    if (wanted >= 1 && wanted <= pages) onGo(wanted);
    else setTyped(String(page));
  }
  return (
    <span className="flex items-center gap-1.5 whitespace-nowrap text-ink-2">
      <input
        aria-label={t('pdf.page')}
        inputMode="numeric"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onFocus={(event) => event.target.select()}
        onBlur={go}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) go();
        }}
        className="control figures !w-11 !px-1 text-center"
      />
      <span className="figures">{t('pdf.of', { n: pages })}</span>
    </span>
  );
}
