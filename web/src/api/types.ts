// The shapes of /api/v1 that the page reads. Records are open: their fields are
// told by the metadata that the same API answers.

export type Texts = Record<string, string>;

export interface Me {
  id: string;
  name: string;
  login: string;
  admin: boolean;
  locale?: string | null;
  zone?: string | null;
  /** The session travels without TLS on a network. */
  insecure?: boolean;
}

export interface Option {
  code: string;
  label: Texts;
  color?: string | null;
  active?: boolean;
  hidden?: boolean;
  parent?: string | null;
}

export interface FieldSettings {
  max?: number;
  digits?: number;
  minor?: number;
  low?: string;
  high?: string;
  /** money: the field that holds the currency; the company's where absent. */
  currency?: string;
  many?: boolean;
  target?: string;
  targets?: string[];
  level?: number;
  region_level?: number;
  tree?: boolean;
  formula?: string;
  /** formula, rollup: the type of what is computed. */
  result?: string;
  /** reference: which records may be chosen. */
  filter?: string;
  options?: Option[];
}

export interface Field {
  key: string;
  type: string;
  label: Texts;
  help?: Texts | null;
  placeholder?: Texts | null;
  required?: boolean;
  read_only?: boolean;
  unique?: boolean;
  custom?: boolean;
  system?: boolean;
  access?: 'read' | 'write' | 'masked';
  filter_ops?: string[];
  sortable?: boolean;
  groupable?: boolean;
  measures?: string[];
  default?: unknown;
  settings?: FieldSettings;
}

export interface BuiltView {
  key: string;
  label: Texts;
  filter?: string | null;
  sort?: string | null;
}

export interface Group {
  key: string;
  label: Texts;
  fields: string[];
  columns?: number;
}

export interface Layout {
  list: string[];
  sort?: string | null;
  card?: string[];
  kanban?: string | null;
  search?: string[];
  views?: BuiltView[];
  groups?: Group[];
  empty?: Texts | null;
}

export interface Related {
  key: string;
  entity: string;
  field: string;
  label: Texts;
}

export interface Action {
  name: string;
  label: Texts;
  input?: Field[];
  bulk?: boolean;
}

export interface Entity {
  name: string;
  label: Texts;
  plural: Texts;
  icon?: string | null;
  custom?: boolean;
  owned?: boolean;
  title: string;
  parent?: string | null;
  ops: string[];
  fields: Field[];
  layout: Layout;
  related?: Related[] | null;
  actions?: Action[] | null;
}

export interface MenuGroup {
  module: string;
  label: Texts;
  items: { entity: string; icon?: string | null }[];
}

export interface Company {
  name: string;
  currency: string;
  zone: string;
  locale: string;
}

export interface Meta {
  version: string;
  company: Company;
  menu: MenuGroup[];
  entities: Record<string, Entity>;
}

export interface Row {
  id: string;
  version: number;
  [field: string]: unknown;
}

export interface Count {
  value: number;
  exact: boolean;
}

export interface Page<T> {
  items: T[];
  next?: string | null;
  has_more?: boolean;
  count?: Count | null;
}

export interface Ref {
  id: string | null;
  label: string | null;
  hidden?: boolean;
  type?: string;
}

export interface FileRef {
  id: string;
  name: string;
  size: number;
  mime: string;
}

export interface Region {
  code: string;
  name: string;
  children?: Region[];
}

export interface SavedView {
  id: string;
  entity: string;
  name: string;
  shared: boolean;
  default?: boolean;
  filter?: string | null;
  sort?: string | null;
  columns?: string[] | null;
}

export interface Duplicate {
  id: string | null;
  label: string;
  rule?: string;
  owner?: Ref | string | null;
  matched?: string[];
}

export interface Change {
  field: string;
  from: unknown;
  to: unknown;
}

export interface TimelineItem {
  id: string;
  kind: string;
  at: string;
  by: Ref | null;
  changeset?: string;
  changes?: Change[] | null;
}

export interface SearchHit {
  entity: string;
  id: string;
  label: string;
  snippet?: { field: string; text: string; hits?: [number, number][] }[] | null;
}

export interface Job {
  id: string;
  kind: string;
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  done: number;
  total: number;
  result?: ImportSummary | null;
  error?: unknown;
}

export interface ImportSummary {
  created?: number;
  updated?: number;
  skipped?: number;
  unchanged?: number;
  failed?: number;
  warned?: number;
  unmapped?: string[];
  changeset?: string;
  failed_file?: string | null;
  errors?: { line: number; field?: string | null; message: string }[];
}

export interface ImportPreview {
  header: string[];
  map: Record<string, string>;
  sample: string[][];
  sheets?: string[] | null;
  encoding?: string;
  rows?: number;
}

export interface Session {
  id: string;
  created_at: string;
  last_seen_at: string;
  user_agent: string;
  ip: string;
  current: boolean;
}

export interface ApiKey {
  id: string;
  name: string;
  scope?: string | null;
  created_at?: string;
  expires_at?: string | null;
  last_used_at?: string | null;
}

export interface FieldError {
  field?: string | null;
  code?: string;
  message: string;
}

/** RFC 9457 problem details as the server sends them. */
export interface ProblemBody {
  status: number;
  title?: string;
  detail?: string;
  code?: string;
  key?: string;
  errors?: FieldError[];
  request_id?: string;
  current?: Row;
  yours?: Record<string, unknown>;
  base_version?: number;
  duplicates?: Duplicate[];
}
