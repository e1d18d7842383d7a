// The shapes of /api/v1 by the names that the page uses. They are generated from
// the API's own description (tools/openapi); only records are open, since their
// fields are told by the metadata that the same API answers.
import type { components } from './schema.gen';

type Schemas = components['schemas'];

export type Texts = Schemas['Labels'];
export type Me = Schemas['Me'];

export type Meta = Schemas['Meta'];
export type Entity = Schemas['MetaEntity'];
export type Field = Schemas['MetaField'];
export type FieldSettings = Schemas['MetaSettings'];
export type Option = Schemas['MetaOption'];
export type BuiltView = Schemas['MetaView'];
export type Action = Schemas['MetaAction'];
export type Question = Schemas['MetaQuestion'];
export type Report = Schemas['MetaReport'];
export type Chart = Schemas['MetaChart'];

export type Desk = Schemas['Desk'];
export type DeskMark = Desk['starred'][number];

export type Count = Schemas['Count'];
export type FileRef = Schemas['File'];
export type Region = Schemas['Region'];
export type SavedView = Schemas['View'];
export type Duplicate = Schemas['Duplicate'];
export type TimelineItem = Schemas['Timeline']['items'][number];
export type Change = TimelineItem['changes'][number];
export type Related = Schemas['MetaRelated'];
export type RelatedCounts = Schemas['RelatedLists'];
export type Found = Schemas['Found'];
export type SearchHit = Found['items'][number];
export type Undone = Schemas['Undo'];
export type Credential = Schemas['Credential'];
export type NewKey = Schemas['NewKey'];
export type Company = Schemas['Company'];
export type Who = Schemas['Who'];

export type Print = Schemas['Print'];
export type PrintBlock = Schemas['PrintBlock'];
export type PrintItem = Schemas['PrintItem'];
export type KeptPrint = Schemas['KeptPrint'];

/** A reference; type is there where it may be to several entities. */
export type Ref = Pick<Schemas['Reference'], 'id' | 'label' | 'hidden'> & { type?: string };

/** A record: id, version and the fields that the caller may see. */
export interface Row {
  id: string;
  version: number;
  [field: string]: unknown;
}

/** A write that waits for an approval instead of having happened. */
export type Pending = Schemas['Pending'];

export interface Page<T> {
  items: T[];
  next?: string | null;
  has_more?: boolean;
  count?: Count | null;
}

/** RFC 9457 problem details as the server sends them, or what stands for them when it was not reached. */
export type ProblemBody = Omit<Partial<Schemas['Problem']>, 'current' | 'code'> & {
  status: number;
  code?: string;
  /** Of a version conflict: the record as it is stored now. */
  current?: Row;
};

/** A long piece of work and how far it is; of an import, its summary is the result. */
export type Job = Omit<Schemas['Work'], 'result' | 'state'> & {
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  result: ImportSummary | null;
};

export type ImportPreview = Schemas['Preview'];
export type ImportStarted = Schemas['Job'];
export type ImportNote = Schemas['Note'];

/** What an import did; a dry run counts what it would do. */
export interface ImportSummary {
  /** Detail lines of the records that came in or were there. */
  lines?: number;
  created?: number;
  updated?: number;
  skipped?: number;
  unchanged?: number;
  failed?: number;
  warned?: number;
  unmapped?: string[];
  changeset?: string;
  failed_file?: string | null;
  reasons?: { field?: string; message: string; rows: number; line: number }[];
  dry_run?: boolean;
  errors?: { line: number; field?: string | null; message: string }[];
  notes?: ImportNote[];
}
