import { Avatar } from '@/ui/Avatar';
import { Dot } from '@/ui/Dot';
import { Kbd } from '@/ui/Kbd';
import { Progress, Spinner } from '@/ui/Progress';
import { Tag } from '@/ui/Tag';
import { long, Row, State } from '../show';

const colors = ['gray', 'blue', 'green', 'yellow', 'orange', 'red', 'purple', 'teal', 'pink'];
const names = ['李明', '王芳', '张伟', '刘洋', '陈静', '欧阳修远', 'Anna Lee', '赵敏', '孙磊'];

export function Marks() {
  return (
    <Row width={420}>
      <State name="status: dot + word">
        <div className="flex flex-wrap gap-3">
          {colors.map((color) => (
            <span key={color} className="inline-flex items-center gap-1.5">
              <Dot color={color} />
              {color}
            </span>
          ))}
        </div>
      </State>
      <State name="tags">
        <div className="flex flex-wrap gap-1.5">
          <Tag name="展会" />
          <Tag name="老客户" color="green" />
          <Tag name="可移除" onRemove={() => {}} />
          <Tag name={long} onRemove={() => {}} />
        </div>
      </State>
      <State name="faces">
        <div className="flex flex-wrap items-center gap-1.5">
          {names.map((name) => (
            <Avatar key={name} name={name} />
          ))}
          <Avatar name="李明" size={20} />
          <Avatar name="欧阳修远" size={32} />
          <Avatar name="Anna Lee" size={40} />
          <Avatar name="销售一部" size={32} isGroup />
        </div>
      </State>
      <State name="keys">
        <div className="flex gap-4">
          <Kbd keys="mod+k" />
          <Kbd keys="g c" />
          <Kbd keys="?" />
          <Spinner />
        </div>
      </State>
      <State name="progress">
        <div className="flex flex-col gap-4">
          <Progress label="正在导入" value={312} max={1000} note="312 / 1,000" />
          <Progress label="正在准备" />
          <Progress label={long} value={100} />
          <Progress label="上传失败" value={40} tone="danger" />
        </div>
      </State>
    </Row>
  );
}
