package session

// commonWords are the words that common passwords are made of, in English,
// pinyin and the habits of Chinese users; each between blanks. Rows of the
// keyboard, numbers and dates need no list.
const commonWords = " " +
	"password passwd passwort pass pwd mima wodemima secret login logon signin welcome hello hallo hi access open enter " +
	"admin administrator root system sysadmin user username guest test tester testing demo default public manager master " +
	"server service support office company internet network computer windows linux google baidu tencent alibaba huawei xiaomi " +
	"taobao weixin wechat qq alipay microsoft apple iphone android samsung facebook oracle mysql postgres database changeme change " +
	"letmein trustno iloveyou loveyou love lover mylove woaini woaiwojia aini woaizhongguo wohenni wozuibang wobuzhidao " +
	"zhongguo china beijing shanghai guangzhou shenzhen hangzhou chengdu wuhan nanjing tianjin chongqing taiwan hongkong " +
	"wang zhang zhao zhou chen yang huang liu sun zhu xiao xiaoming zhangsan lisi wangwu zhaoliu zhangwei wangwei wangfang liwei " +
	"lina zhangmin laoban baobao baobei laopo laogong mama baba gege jiejie meimei didi nihao ninhao xiexie kaixin kuaile " +
	"shengri shengrikuaile xingfu pingan facai gongxi gongxifacai longlong tiantian dandan lingling yaya " +
	"gongsi kehu xiaoshou caiwu guanli guanliyuan xitong yonghu denglu ceshi bangong " +
	"football baseball basketball soccer hockey superman batman spiderman starwars pokemon naruto dragon monkey tiger lion " +
	"eagle falcon phoenix shadow hunter killer ninja warrior freedom liberty matrix merlin mustang corvette ferrari porsche " +
	"mercedes yamaha harley chelsea arsenal liverpool barcelona juventus manchester michael michelle jennifer jessica ashley " +
	"amanda nicole daniel andrew joshua matthew thomas robert charlie george jordan maggie ginger pepper summer winter spring " +
	"autumn monday friday sunday january flower sunshine princess angel baby honey sweet cookie chocolate cheese banana orange " +
	"purple yellow silver golden diamond money lucky happy smile forever family friend friends heaven jesus buddha amen god " +
	"blessed faith hope peace power magic secure security safety private whatever nothing something fuckyou fuck " +
	"asshole bitch sexy hottie cheng qing ming ping long feng hong jing abc abcd abcde qwe qwer qwerty asd asdf asdfgh zxc zxcv zxcvbn " +
	"aaa abcabc qaz qazwsx wsx "
