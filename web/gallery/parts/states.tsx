import { Building2, Plus } from 'lucide-react';
import { Button } from '@/ui/Button';
import { Empty, NoPermission, NoResult, Notice, Skeleton } from '@/ui/states';
import { Row, State } from '../show';

export function States() {
  return (
    <Row width={360}>
      <State name="empty">
        <Empty
          icon={<Building2 size={18} aria-hidden="true" />}
          title="还没有客户"
          text="新建第一个客户，或者从 Excel 导入。"
        >
          <Button look="primary">
            <Plus size={15} aria-hidden="true" />
            新建客户
          </Button>
          <Button>导入</Button>
        </Empty>
      </State>
      <State name="no result">
        <NoResult>
          <Button>清除筛选</Button>
        </NoResult>
      </State>
      <State name="no permission">
        <NoPermission />
      </State>
      <State name="loading">
        <div className="flex flex-col gap-4">
          <Skeleton className="h-3 w-2/3" />
          <Skeleton className="h-3 w-1/2" />
          <Skeleton className="h-3 w-3/5" />
        </div>
      </State>
      <State name="error">
        <Notice text="连不上服务器。您填写的内容还在，请检查网络后重试" id="01JD8X2M4K">
          <Button className="mt-2">重试</Button>
        </Notice>
      </State>
    </Row>
  );
}
