import { Ellipsis } from 'lucide-react';
import { IconButton } from '@/ui/Button';
import { Tabs } from '@/ui/Tabs';
import { Tree } from '@/ui/Tree';
import { long, Row, State } from '../show';

const departments = [
  {
    id: '1',
    name: '恒远工业',
    count: 30,
    children: [
      { id: '2', name: '销售中心', count: 18, children: [{ id: '3', name: '销售一部', count: 9 }] },
      { id: '4', name: '财务部', count: 4 },
      { id: '5', name: long, count: 0, isFaded: true },
    ],
  },
];

export function Navigation() {
  return (
    <Row width={420}>
      <State name="tabs">
        <Tabs
          label="记录"
          items={[
            { id: 'a', name: '动态', content: <p className="p-4">动态</p> },
            { id: 'b', name: '联系人', count: 12, content: null },
            { id: 'c', name: '合同', count: 3, content: null },
            { id: 'd', name: '停用', isDisabled: true, content: null },
          ]}
          value="b"
        />
      </State>
      <State name="tree">
        <Tree
          label="部门"
          items={departments}
          value="3"
          onChange={() => {}}
          actions={(node) => (
            <IconButton label={`${node.name} 更多`} className="!size-6">
              <Ellipsis size={14} aria-hidden="true" />
            </IconButton>
          )}
        />
      </State>
      <State name="tree, empty">
        <Tree label="部门" items={[]} empty={<p className="text-ink-3">还没有部门</p>} />
      </State>
    </Row>
  );
}
