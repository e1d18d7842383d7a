// Made by tools/openapi from the API's description; do not edit.
// digest 7cc2405c7c429b49
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        BankAccount: {
            /** @description Name of the account; empty = that of the company */
            account: string;
            /** @description 开户银行 */
            bank: string;
            /** @description 开户支行 */
            branch: string;
            currency: string;
            /** @description What papers print when nobody chooses another */
            default: boolean;
            number: string;
            /** @description BIC of ISO 9362 */
            swift: string;
        };
        Become: {
            errors: components["schemas"]["RowError"][];
            line: number;
            values: {
                [key: string]: string;
            };
        };
        Company: {
            address: string;
            address_en: string;
            audit_keep: number;
            backup_at: string;
            backup_keep: number;
            banks: components["schemas"]["BankAccount"][];
            currency: string;
            email: string;
            installation?: string;
            locale: string;
            /** @description Wrong passwords after which a login has to wait */
            lock_after: number;
            /** @description Version of the logo, empty without one; /company/logo gives it */
            logo: string;
            name: string;
            name_en: string;
            /** @description Where members find the page, for links in mails: https://crm.example.com */
            page_url: string;
            /** @description Days after which a password must be changed, 0 = never */
            password_days: number;
            /** @description Fewest characters of a new password */
            password_least: number;
            phone: string;
            recipient?: string;
            /** @description Version of the picture of the seal, empty without one; only administrators read it */
            seal: string;
            /** @description Days that end every session */
            session_days: number;
            /** @description Hours without use that end a session */
            session_idle: number;
            short_name: string;
            /** @description 统一社会信用代码, or the tax number of another country */
            tax_number: string;
            website: string;
            zone: string;
        };
        Conflict: {
            entity: string;
            fields: string[];
            id: components["schemas"]["Id"];
            label: string;
            message: string;
            reason: string;
        };
        Count: {
            /** @description false: there are more than value */
            exact: boolean;
            value: number;
        };
        Credential: {
            created_at: components["schemas"]["Instant"];
            /** @description The one that asks */
            current: boolean;
            expires_at?: components["schemas"]["Instant"];
            /** @description The first characters of a key */
            hint?: string;
            id: components["schemas"]["Id"];
            ip?: string;
            /** @description session or key */
            kind: string;
            last_seen_at?: components["schemas"]["Instant"];
            name?: string;
            user_agent?: string;
        };
        Desk: {
            seen: components["schemas"]["DeskMark"][];
            starred: components["schemas"]["DeskMark"][];
        };
        DeskMark: {
            at: components["schemas"]["Instant"];
            entity: string;
            /** @description Of a built-in view */
            label?: components["schemas"]["Labels"];
            /** @description The record's, or that of a saved view */
            name: string;
            record?: components["schemas"]["Id"];
            /** @description Key of a built-in view or id of a saved one */
            view?: string;
        };
        Duplicate: {
            /** @description Of what kind it is: another than the one that was asked about while it is typed */
            entity: string;
            id: components["schemas"]["Id"] | null;
            /** @description Masked when the caller may not read the record */
            label: string;
            /** @description Fields that agree */
            matched: string[];
            owner: string;
            rule: string;
            strict: boolean;
        };
        FieldError: {
            /** @description Key of the message, for ever */
            code: string;
            field: string;
            message: string;
        };
        File: {
            /**
             * @description The caller may not read the record
             * @constant
             */
            hidden?: true;
            id: components["schemas"]["Id"] | null;
            mime?: string;
            name: string | null;
            size?: number;
        };
        Found: {
            has_more: boolean;
            items: {
                entity: string;
                id: components["schemas"]["Id"];
                label: string;
                snippet: {
                    field: string;
                    /** @description From and to, in characters */
                    hits: number[][];
                    text: string;
                }[];
            }[];
        };
        /** @description 13 characters of Crockford's base 32, sorted by time */
        Id: string;
        /** Format: date-time */
        Instant: string;
        Job: {
            job: components["schemas"]["Id"];
        };
        JobProblem: {
            code: string;
            detail: string;
            key: string;
        };
        KeptPrint: {
            /** @description The program has a layout of this key */
            declared: boolean;
            /** @description An administrator made or changed it; deleting it gives the program's back, if there is one */
            own: boolean;
            print: components["schemas"]["Print"];
            /** @description Version, for If-Match */
            tag: string;
        };
        /** @description A text by locale: zh-CN, en */
        Labels: {
            [key: string]: string;
        };
        Look: {
            /** @description compact, normal or wide */
            density: string;
            /** @description Groups of the navigation that are folded */
            folded: string[];
            /** @description on or off */
            shortcuts: string;
            /** @description Size of letters: normal, large or larger */
            size: string;
            /** @description system, light or dark */
            theme: string;
            /** @description Colour of gains: red or green */
            trend: string;
        };
        Me: {
            admin: boolean;
            /** @description The file of his picture */
            avatar?: components["schemas"]["Id"];
            /** @description The main department first */
            departments: components["schemas"]["Id"][];
            id: components["schemas"]["Id"];
            /** @description The connection is not protected: the page warns */
            insecure: boolean;
            locale: string;
            login: string;
            /** @description How the page looks to him */
            look: components["schemas"]["Look"];
            name: string;
            zone: string;
        };
        Meta: {
            /** @description Whom a member without any role can ask for rights */
            ask?: string[];
            company: components["schemas"]["MetaCompany"];
            entities: {
                [key: string]: components["schemas"]["MetaEntity"];
            };
            menu: components["schemas"]["MetaMenu"][];
            /** @description What the caller can have computed, in the order of the menu */
            reports: components["schemas"]["MetaReport"][];
            version: string;
        };
        MetaAction: {
            bulk: boolean;
            input: components["schemas"]["MetaField"][];
            label: components["schemas"]["Labels"] | null;
            /** @description What such a record waits for */
            main?: boolean;
            /** @description The entity of what it makes */
            makes?: string;
            /** @description The field of the record that it moves on */
            moves?: components["schemas"]["MetaMoves"] | null;
            name: string;
            /** @description Offered where this holds of the record, in the JSON form of filters; absent = always */
            only?: unknown;
            when?: components["schemas"]["MetaWhen"] | null;
        };
        MetaAmount: {
            /** @description A choice of the same record, or of what a report was asked */
            field: string;
            /** @description The codes with which it is an amount */
            in: string[];
        };
        MetaChart: {
            /** @description Columns that name a row, the first that is filled in */
            by: string[];
            /** @description bars, columns, lines or funnel */
            kind: string;
            /** @description Columns that are drawn */
            of: string[];
        };
        MetaCompany: {
            currency: string;
            locale: string;
            /** @description Version of the logo, empty without one */
            logo: string;
            name: string;
            password_least: number;
            short_name: string;
            zone: string;
        };
        MetaDeed: {
            label: components["schemas"]["Labels"] | null;
            name: string;
        };
        MetaEntity: {
            actions: components["schemas"]["MetaAction"][];
            custom: boolean;
            /** @description Actions that the caller may not take, by which its history tells what others did */
            deeds?: components["schemas"]["MetaDeed"][];
            fields: components["schemas"]["MetaField"][];
            icon: string;
            label: components["schemas"]["Labels"] | null;
            layout: components["schemas"]["MetaLayout"];
            /** @description Of detail lines: the entity they are part of */
            line_of?: string;
            /** @description Detail lines that are read and written with a record */
            lines: components["schemas"]["MetaLines"][];
            /** @description When a record is settled: nobody edits or deletes it then */
            locked?: components["schemas"]["MetaLocked"] | null;
            name: string;
            ops: string[];
            owned: boolean;
            /** @description Every member has his own; they are no list of what belongs to a record */
            personal?: boolean;
            plural: components["schemas"]["Labels"] | null;
            /** @description Layouts that the caller may print records in */
            prints: components["schemas"]["MetaPaper"][];
            /** @description What can be asked about a record; answered by a table */
            questions?: components["schemas"]["MetaQuestion"][];
            related: components["schemas"]["MetaRelated"][];
            /** @description The caller may share lists of it */
            shares_views: boolean;
            title: string;
        };
        MetaField: {
            access: string;
            custom: boolean;
            default: string | null;
            filter_ops: string[];
            groupable: boolean;
            help: components["schemas"]["Labels"] | null;
            /** @description Read-only, but administrators may fill it by an import: how far a record had come elsewhere */
            imported?: boolean;
            key: string;
            label: components["schemas"]["Labels"] | null;
            measures: string[];
            placeholder: components["schemas"]["Labels"] | null;
            read_only: boolean;
            required: boolean;
            /** @description Must be filled where this holds and the field is shown */
            required_when?: unknown;
            settings: components["schemas"]["MetaSettings"];
            sortable: boolean;
            system: boolean;
            type: string;
            unique: boolean;
            /** @description Shown only where this holds of the other fields of the record, in the JSON form of filters; absent = always, or the caller may not read what it depends on */
            visible_when?: unknown;
        };
        MetaGroup: {
            columns: number;
            fields: string[];
            key: string;
            label: components["schemas"]["Labels"] | null;
            /** @description Key of the tab it stands in */
            tab?: string;
        };
        MetaLayout: {
            card: string[];
            empty: components["schemas"]["Labels"] | null;
            groups: components["schemas"]["MetaGroup"][];
            kanban?: string;
            /** @description The group of the form that the lines follow; absent = they come last */
            lines_after?: string;
            list: string[];
            search: string[];
            sort: string;
            /** @description Of the form and the facts; groups without one stand above them */
            tabs: components["schemas"]["MetaTab"][];
            views: components["schemas"]["MetaView"][];
        };
        MetaLines: {
            entity: string;
            key: string;
            label: components["schemas"]["Labels"] | null;
            /** @description Shown only where this holds of the record, in the JSON form of filters, or it has such lines; absent = always */
            visible_when?: unknown;
        };
        MetaLocked: {
            /** @description The choice that says so */
            field: string;
            /** @description Its codes with which a record is settled */
            in: string[];
            /** @description Fields and groups of lines that can be changed always */
            open: string[];
        };
        MetaMenu: {
            items: components["schemas"]["MetaMenuItem"][];
            label: components["schemas"]["Labels"] | null;
            module: string;
        };
        MetaMenuItem: {
            /** @description Set up once and seldom changed: it stands in the settings */
            basic: boolean;
            entity: string;
            icon: string;
        };
        MetaMoves: {
            field: string;
            /** @description The state it leads to; absent when the input of the same name says it */
            to?: string;
        };
        MetaOption: {
            active: boolean;
            code: string;
            color?: string;
            /** @description The option that it was merged into */
            into?: string;
            label: components["schemas"]["Labels"] | null;
            parent: string | null;
        };
        MetaPaper: {
            key: string;
            label: components["schemas"]["Labels"] | null;
            language: string;
        };
        MetaQuestion: {
            /** @description What a row of the answer shows */
            columns: components["schemas"]["MetaField"][];
            input: components["schemas"]["MetaField"][];
            label: components["schemas"]["Labels"] | null;
            name: string;
        };
        MetaRelated: {
            entity: string;
            field: string;
            key: string;
            label: components["schemas"]["Labels"] | null;
        };
        MetaReport: {
            /** @description Columns that add up in the last rows */
            adds: string[];
            charts: components["schemas"]["MetaChart"][];
            columns: components["schemas"]["MetaField"][];
            entity: string;
            /** @description What it is for */
            help: components["schemas"]["Labels"] | null;
            icon: string;
            input: components["schemas"]["MetaField"][];
            label: components["schemas"]["Labels"] | null;
            /** @description Whose it is */
            module: string;
            name: string;
        };
        MetaSettings: {
            /** @description Of a decimal: where it is an amount in the company's own currency */
            amount?: components["schemas"]["MetaAmount"] | null;
            /** @description Figures do not add up: prices, rates */
            apart?: boolean;
            /** @description The text is a condition on records of this entity, in the text form of filters */
            asks?: string;
            /** @description An amount in the company's own currency, whatever that of the record is */
            base?: boolean;
            /** @description The field that holds the currency of an amount, where it is not the field currency */
            currency?: string;
            digits?: number;
            formula?: string;
            high?: string;
            /** @description Fields that a change of this one empties, unless the same write sets them */
            leads?: string[];
            low?: string;
            many?: boolean;
            max?: number;
            /** @description Of a reference: the filter of what may be chosen; {key} stands for the value of another field of the record */
            only?: string;
            options?: components["schemas"]["MetaOption"][];
            /** @description Of a decimal: the field with the currency that it turns into the company's own; none is asked for where that is the company's own */
            rate_of?: string;
            region_level?: number;
            result?: string;
            /** @description entity.field whose options these are */
            same_as?: string;
            target?: string;
            targets?: string[];
            tree?: boolean;
        };
        MetaTab: {
            key: string;
            label: components["schemas"]["Labels"] | null;
        };
        MetaView: {
            fields?: string[];
            filter: string;
            key: string;
            label: components["schemas"]["Labels"] | null;
            sort?: string;
            /** @description Stands on the page that a member begins his day with */
            today?: boolean;
        };
        MetaWhen: {
            field: string;
            in: string[];
        };
        NewKey: {
            id: components["schemas"]["Id"];
            /** @description Shown this once */
            key: string;
        };
        Note: {
            key: string;
            message: string;
        };
        Pending: {
            pending: components["schemas"]["Id"];
        };
        Preview: {
            become: components["schemas"]["Become"][];
            encoding: string;
            given: {
                [key: string]: {
                    [key: string]: string;
                };
            };
            header: string[];
            key: string[];
            kind?: string;
            map: {
                [key: string]: string;
            };
            notes: components["schemas"]["Note"][];
            null?: string;
            on_match: string;
            remembered: boolean;
            rows: number;
            sample: string[][];
            sheet: string;
            sheets: string[];
            source?: string;
            unknown: components["schemas"]["Unknown"][];
            unmapped: string[];
        };
        Print: {
            /** @description Colour of headings and rules, #rrggbb */
            accent?: string;
            /** @description From top to bottom */
            blocks: components["schemas"]["PrintBlock"][];
            /** @description Small line at the bottom of every page; without it its number */
            foot?: components["schemas"]["Labels"];
            /** @description Small line at the top of every page but the first */
            head?: components["schemas"]["Labels"];
            /** @description No longer offered */
            hidden?: boolean;
            key: string;
            /** @description What the layout is called */
            label: components["schemas"]["Labels"] | null;
            landscape?: boolean;
            /** @description zh-CN (also without it), en, or both: Chinese above English */
            language: string;
            /** @description Top, right, bottom, left in millimetres; without it 15, 15, 18, 15 */
            margins?: number[];
            /** @description A4 (also without it), A5 or Letter */
            paper?: string;
            /** @description Of letters, in points; without it 9 */
            size?: number;
        };
        PrintBlock: {
            /** @description left, center or right */
            align?: string;
            /** @description Which accounts: empty = the usual one, currency = those of the record's currency, all */
            bank?: string;
            bold?: boolean;
            /** @description Facts side by side, 1 to 4 */
            columns?: number;
            /** @description Facts without a value, columns that no line fills and tables without lines are shown too */
            full?: boolean;
            /** @description Lines around every cell */
            grid?: boolean;
            /** @description Field of the lines: lines with the same value, one after another, stand in a table by themselves under its name */
            group?: string;
            /** @description Stands above facts, tables, texts and banks */
            heading?: components["schemas"]["Labels"];
            /** @description Space: millimetres */
            height?: number;
            /** @description Facts, columns of a table, totals, parties that sign */
            items?: components["schemas"]["PrintItem"][];
            /** @description letterhead, title, text, facts, table, totals, bank, signature, rule, space or break */
            kind: string;
            /** @description Group of detail lines that a table shows */
            lines?: string;
            /** @description A letterhead shows the company's logo */
            logo?: boolean;
            /** @description The first party's signature bears the company's seal */
            seal?: boolean;
            /** @description Of letters, in points */
            size?: number;
            /** @description Of titles and texts */
            text?: components["schemas"]["Labels"];
            /** @description Empty, muted or accent */
            tone?: string;
            /** @description Totals: percent of the page's width */
            width?: number;
        };
        PrintItem: {
            /** @description left, center or right; without it figures are right */
            align?: string;
            bold?: boolean;
            /** @description Without it the field's own */
            label?: components["schemas"]["Labels"];
            /** @description The column is added up below */
            sum?: boolean;
            /** @description A template */
            value: string;
            /** @description Of a column, in parts of the whole */
            width?: number;
        };
        /** @description Problem details of RFC 9457 */
        Problem: {
            /** @enum {string} */
            code: "invalid" | "bad_request" | "unauthorized" | "forbidden" | "not_found" | "conflict" | "duplicate" | "locked" | "precondition_failed" | "version_required" | "idempotency_reuse" | "too_large" | "rate_limited" | "unavailable" | "internal";
            /** @description Of a version conflict: the record as it is now */
            current?: Record<string, never>;
            current_version?: number;
            /** @description A sentence in the language of Accept-Language */
            detail: string;
            duplicates?: components["schemas"]["Duplicate"][];
            errors: components["schemas"]["FieldError"][];
            /** @description Key of the sentence, for ever */
            key: string;
            /** @description An action of the record that helps */
            offer?: string;
            request_id: string;
            status: number;
            title: string;
            type: string;
        };
        Reference: {
            /**
             * @description The caller may not read the record
             * @constant
             */
            hidden?: true;
            id: components["schemas"]["Id"] | null;
            label: string | null;
            record?: Record<string, never>;
        };
        Region: {
            children?: components["schemas"]["Region"][];
            code: string;
            name: string;
        };
        RelatedLists: {
            items: {
                count: components["schemas"]["Count"];
                entity: string;
                field: string;
                key: string;
            }[];
        };
        RowError: {
            field?: string;
            line: number;
            message: string;
        };
        Timeline: {
            has_more: boolean;
            items: {
                at: components["schemas"]["Instant"];
                by: components["schemas"]["Reference"] | null;
                changes: {
                    field: string;
                    from: unknown;
                    to: unknown;
                }[];
                changeset: components["schemas"]["Id"];
                id: components["schemas"]["Id"];
                /** @description create, update, delete, restore, or the name of an action */
                kind: string;
                /** @description What happened to its detail lines in the same write */
                lines?: {
                    changes: {
                        field: string;
                        from: unknown;
                        to: unknown;
                    }[];
                    group: string;
                    id: components["schemas"]["Id"];
                    /** @description create, update, delete, restore or move */
                    kind: string;
                    label: string | null;
                }[];
                /**
                 * @description There are more lines than are told
                 * @constant
                 */
                more_lines?: true;
                version: number;
            }[];
            next: string | null;
        };
        Undo: {
            changeset: components["schemas"]["Id"];
            conflicts: components["schemas"]["Conflict"][];
            undone: number;
        };
        Unknown: {
            field: string;
            rows: number;
            several?: boolean;
            value: string;
        };
        View: {
            /** @description Whose it is */
            by: string;
            columns: string[];
            entity: string;
            /** @description Of a board the field whose values are its columns, of a calendar the one whose days place the records */
            field: string;
            filter: string;
            /** @description The list opens with it: a private one for its owner, a shared one for everybody */
            first: boolean;
            /** @description Ids of the roles whose members the list opens with it for */
            first_for: string[];
            /** @description What the rows are grouped by: a field, of times with a unit (created_at:month); empty = nothing */
            group: string;
            id: components["schemas"]["Id"];
            /** @description How the records are shown: list, board or calendar */
            kind: string;
            /** @description How many cards a column of a board should hold at most, by its code or id */
            limits: {
                [key: string]: number;
            };
            mine: boolean;
            name: string;
            /** @description Why the caller's list opens with it: own, role or all; empty = it does not. The first of these counts */
            opens: string;
            shared: boolean;
            sort: string;
            /** @description Of a calendar: month or week */
            span: string;
            /** @description The figure that columns and groups add up */
            sum: string;
            /** @description Of columns, in pixels */
            widths: {
                [key: string]: number;
            };
        };
        Who: {
            me: components["schemas"]["Me"];
        };
        Work: {
            created_at: components["schemas"]["Instant"];
            done: number;
            /** @description Whose records it is about */
            entity?: string;
            error: components["schemas"]["JobProblem"] | null;
            finished_at?: components["schemas"]["Instant"];
            id: components["schemas"]["Id"];
            kind: string;
            result: unknown;
            state: string;
            total: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
