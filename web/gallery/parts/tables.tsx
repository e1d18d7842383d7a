import { Button } from '@/ui/Button';
import { Dot } from '@/ui/Dot';
import { Empty } from '@/ui/states';
import { type Column, Table } from '@/ui/Table';
import { long, Row, State } from '../show';

interface Member {
  id: string;
  name: string;
  department: string;
  count: string;
  isOff: boolean;
}

const columns: Column<Member>[] = [
  { key: 'name', name: '姓名', cell: (row) => row.name },
  { key: 'department', name: '部门', cell: (row) => row.department },
  {
    key: 'state',
    name: '状态',
    cell: (row) => (
      <span className="inline-flex items-center gap-1.5">
        <Dot color={row.isOff ? 'gray' : 'green'} />
        {row.isOff ? '停用' : '在用'}
      </span>
    ),
  },
  { key: 'count', name: '客户', isFigure: true, cell: (row) => row.count },
  {
    key: 'actions',
    name: '操作',
    hideName: true,
    cell: () => (
      <Button look="quiet" className="!h-7">
        编辑
      </Button>
    ),
  },
];
const rows: Member[] = [
  { id: '1', name: '李明', department: '销售一部', count: '1,204', isOff: false },
  { id: '2', name: '王芳', department: long, count: '38', isOff: false },
  { id: '3', name: 'Anna Lee', department: '财务部', count: '0', isOff: true },
];

export function Tables() {
  return (
    <Row width={640}>
      <State name="default">
        <Table
          label="成员"
          columns={columns}
          rows={rows}
          rowKey={(row) => row.id}
          isFaded={(row) => row.isOff}
        />
      </State>
      <State name="empty">
        <Table
          label="成员"
          columns={columns}
          rows={[]}
          rowKey={(row) => row.id}
          empty={<Empty title="还没有成员" text="邀请同事，一起使用。" />}
        />
      </State>
    </Row>
  );
}
