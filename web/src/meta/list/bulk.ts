// Writing many records: the call, how far its job is, what came of it, undoing it.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';
import { get, Problem, post } from '@/api/client';
import type { Job, Page, Row } from '@/api/types';
import type { ListQuery } from '../data';
import type { Selection } from './selection';

export type BulkOp = 'update' | 'transfer' | 'delete';

/** What is being done: to records as such, or an action of theirs. */
export type BulkDeed = BulkOp | 'act';

/** What one is about to do to the chosen records. */
export interface BulkOrder {
  op: BulkDeed;
  /** Which action, and what it was told. */
  action?: string;
  input?: Record<string, unknown>;
  patch?: Record<string, unknown>;
  owner?: string;
}

/** Which records: those that are chosen, or all that the list shows but some. */
export function whichRecords(selection: Selection, filter: string | undefined, q: string | undefined) {
  if (!selection.all) return { ids: [...selection.ids] };
  return { filter: filter ?? '', q, except: selection.ids.size > 0 ? [...selection.ids] : undefined };
}

/** As many as one call takes on; those of a whole filter are named by their ids, up to as many. */
export const most = 200;

/** The ids of all that a list shows but some; for as many as one call takes on. */
export async function idsOf(entity: string, { filter, q }: ListQuery, { ids }: Selection): Promise<string[]> {
  const { items } = await get<Page<Row>>(`records/${entity}`, { filter, q, fields: 'id', limit: most });
  return items.flatMap(({ id }) => (ids.has(id) ? [] : [id]));
}

/** The same as a filter of its own, for an export. */
export function whichFilter(selection: Selection, filter: string | undefined): string | undefined {
  const list = [...selection.ids].map((id) => `"${id}"`).join(', ');
  if (!selection.all) return `id in (${list})`;
  if (!list) return filter;
  return filter ? `(${filter}) and id not in (${list})` : `id not in (${list})`;
}

export interface Refusal {
  id: string;
  message: string;
}

interface Outcome {
  op: BulkDeed | 'undo';
  done: number;
  refused: number;
  refusals: Refusal[];
  changeset: string;
  /** It was stopped on its way: this is how far it came. */
  stopped?: boolean;
}

export type BulkState =
  | { step: 'rest' }
  | { step: 'running'; op: BulkDeed | 'undo'; job?: string; done: number; total: number }
  | ({ step: 'over' } & Outcome)
  | { step: 'failed'; error: unknown };

interface BulkAnswer {
  changeset: string;
  results: { id?: string; status: number; error?: { detail?: string; title?: string } }[];
  done: number;
  failed: number;
}
interface MassAnswer {
  stopped?: boolean;
  changeset: string;
  done: number;
  failed: number;
  errors: { id: string; message: string }[];
}
interface UndoAnswer {
  stopped?: boolean;
  undone: number;
  changeset: string;
  conflicts: { id: string; label: string; message: string }[];
}
type Started = { job: string };

const noUndo: UndoAnswer = { undone: 0, changeset: '', conflicts: [] };

/** How long to wait before asking again, in ms: short at first, for what is soon over. */
const firstRest = 100;
const longestRest = 400;
/** More are undone as a job, so that one sees how far it is. */
const atOnce = 200;

export class Cancelled extends Error {
  /** Something was done before, and nobody knows any more what. */
  constructor(readonly hasBegun: boolean) {
    super();
  }
}

/** Resolves with what came of a job; one that was stopped on its way may have done a part. */
export async function watch(id: string, onProgress: (job: Job) => void): Promise<unknown> {
  for (let rest = firstRest; ; rest = Math.min(rest * 1.5, longestRest)) {
    const job = await get<Job>(`jobs/${id}`);
    onProgress(job);
    if (job.state === 'done') return job.result;
    if (job.state === 'cancelled' && job.result) return { ...job.result, stopped: true };
    if (job.state === 'cancelled') throw new Cancelled(job.done > 0);
    if (job.state === 'failed') throw new Error(job.error?.detail ?? '');
    await new Promise((resolve) => setTimeout(resolve, rest));
  }
}

export function useBulk(entity: string) {
  const client = useQueryClient();
  const [state, setState] = useState<BulkState>({ step: 'rest' });
  const busy = useRef(false);

  const again = useCallback(
    () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['records', entity] }),
        client.invalidateQueries({ queryKey: ['record', entity] }),
        client.invalidateQueries({ queryKey: ['related'] }),
      ]),
    [client, entity],
  );

  const perform = useCallback(
    async (op: BulkDeed | 'undo', total: number, work: (told: (job: Job) => void) => Promise<Outcome>) => {
      if (busy.current) return undefined;
      busy.current = true;
      setState({ step: 'running', op, done: 0, total });
      try {
        const over = await work((job) =>
          setState({ step: 'running', op, job: job.id, done: job.done, total: job.total || total }),
        );
        setState({ step: 'over', ...over });
        return over;
      } catch (error) {
        setState({ step: 'failed', error });
        return undefined;
      } finally {
        busy.current = false;
        await again();
      }
    },
    [again],
  );

  const run = useCallback(
    ({ action, ...order }: BulkOrder, which: object, total: number) =>
      perform(order.op, total, async (told) => {
        const answer = await post<BulkAnswer | Started>(
          `records/${entity}/bulk`,
          { ...order, ...which, op: action ?? order.op },
          undefined,
        );
        if ('job' in answer) {
          const mass = (await watch(answer.job, told)) as MassAnswer;
          return {
            op: order.op,
            done: mass.done,
            refused: mass.failed,
            refusals: mass.errors,
            changeset: mass.changeset,
            stopped: mass.stopped,
          };
        }
        return {
          op: order.op,
          done: answer.done,
          refused: answer.failed,
          refusals: answer.results.flatMap(({ id, error }) =>
            error ? { id: id ?? '', message: error.detail || error.title || '' } : [],
          ),
          changeset: answer.changeset,
        };
      }),
    [entity, perform],
  );

  const undo = useCallback(
    (changeset: string, total: number) =>
      perform('undo', total, async (told) => {
        const asJob = total > atOnce;
        const answer = await post<UndoAnswer | Started>(
          `changesets/${changeset}/undo`,
          {},
          asJob ? { job: true } : undefined,
        ).catch((error) => {
          // Every record was so already: there is nothing to take back.
          if (error instanceof Problem && error.status === 404) return noUndo;
          throw error;
        });
        const report = ('job' in answer ? await watch(answer.job, told) : answer) as UndoAnswer;
        return {
          op: 'undo',
          done: report.undone,
          refused: report.conflicts.length,
          refusals: report.conflicts.map(({ id, label, message }) => ({
            id,
            message: label ? `${label}: ${message}` : message,
          })),
          changeset: report.changeset,
          stopped: report.stopped,
        };
      }),
    [perform],
  );

  const cancel = useCallback(() => {
    if (state.step === 'running' && state.job) void post(`jobs/${state.job}/cancel`);
  }, [state]);
  const rest = useCallback(() => setState({ step: 'rest' }), []);
  return { state, run, undo, cancel, rest };
}
