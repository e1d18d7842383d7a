package text

// polyphones are the characters with several readings in living use in names,
// places and everyday words (现代汉语词典, without tone-only differences and
// readings of old texts). The first reading is the usual one in names; it sorts.
const polyphones = `阿 a1 e1,扒 ba1 pa2,柏 bai3 bo2,蚌 beng4 bang4,薄 bao2 bo2,堡 bao3 pu4 bu3,辟 pi4 bi4,扁 bian3 pian1,便 bian4 pian2,
伯 bo2 bai3,泊 bo2 po1,卜 bu3 bo5,藏 cang2 zang4,曾 zeng1 ceng2,差 cha4 chai1 ci1,查 cha2 zha1,刹 cha4 sha1,禅 chan2 shan4,长 chang2 zhang3,
车 che1 ju1,称 cheng1 chen4,澄 cheng2 deng4,盛 sheng4 cheng2,乘 cheng2 sheng4,匙 chi2 shi5,臭 chou4 xiu4,畜 chu4 xu4,传 chuan2 zhuan4,
椎 zhui1 chui2,绰 chuo4 chao1,伺 si4 ci4,攒 zan3 cuan2,撮 cuo1 zuo3,大 da4 dai4,单 dan1 shan4 chan2,弹 dan4 tan2,得 de2 dei3,的 de5 di4,
地 di4 de5,提 ti2 di1,调 diao4 tiao2,都 du1 dou1,度 du4 duo2,囤 tun2 dun4,恶 e4 wu4,佛 fo2 fu2,否 fou3 pi3,番 fan1 pan1,繁 fan2 po2,
脯 fu3 pu2,盖 gai4 ge3,蛤 ha2 ge2,给 gei3 ji3,谷 gu3 yu4,呱 gua1 gu1,龟 gui1 qiu1 jun1,炔 que1,咳 ke2 hai1,还 huan2 hai2,行 xing2 hang2,
巷 xiang4 hang4,和 he2 huo4,核 he2 hu2,会 hui4 kuai4,奇 qi2 ji1,系 xi4 ji4,祭 ji4 zhai4,稽 ji1 qi3,缉 ji1 qi1,夹 jia1 ga1,贾 jia3 gu3,
茄 qie2 jia1,见 jian4 xian4,降 jiang4 xiang2,将 jiang1 qiang1,角 jiao3 jue2,脚 jiao3 jue2,校 xiao4 jiao4,嚼 jiao2 jue2,觉 jue2 jiao4,
劲 jin4 jing4,解 jie3 xie4,桔 ju2 jie2,颈 jing3 geng3,咀 ju3 zui3,句 ju4 gou1,隽 jun4 juan4,圈 quan1 juan4,咖 ka1 ga1,卡 ka3 qia3,
扛 kang2 gang1,壳 ke2 qiao4,溃 kui4 hui4,括 kuo4 gua1,落 luo4 la4 lao4,烙 lao4 luo4,乐 le4 yue4,勒 le4 lei1,了 le5 liao3,肋 lei4 le4,
棱 leng2 ling2,俩 lia3 liang3,六 liu4 lu4,陆 lu4 liu4,碌 lu4 liu4,露 lu4 lou4,绿 lv4 lu4,率 lv4 shuai4,纶 lun2 guan1,络 luo4 lao4,
埋 mai2 man2,脉 mai4 mo4,蔓 man4 wan4,氓 mang2 meng2,没 mei2 mo4,泌 mi4 bi4,秘 mi4 bi4,模 mo2 mu2,牟 mou2 mu4,万 wan4 mo4,俟 si4 qi2,
缪 miao4 mou2 miu4,抹 mo3 ma1,娜 na4 nuo2,粘 zhan1 nian2,弄 nong4 long4,疟 nve4 yao4,区 qu1 ou1,胖 pang4 pan2,刨 pao2 bao4,炮 pao4 bao1,
朴 pu3 piao2 po4,屏 ping2 bing3,迫 po4 pai3,埔 pu3 bu4,曝 pu4 bao4,栖 qi1 xi1,铅 qian1 yan2,乾 qian2 gan1,荨 xun2 qian2,强 qiang2 jiang4,
亲 qin1 qing4,覃 qin2 tan2,仇 qiu2 chou2,雀 que4 qiao3,塞 sai1 se4,色 se4 shai3,莎 sha1 suo1,杉 shan1 sha1,厦 xia4 sha4,召 zhao4 shao4,
折 zhe2 she2,什 shen2 shi2,沈 shen3 chen2,省 sheng3 xing3,识 shi2 zhi4,氏 shi4 zhi1,似 si4 shi4,殖 zhi2 shi5,熟 shu2 shou2,术 shu4 zhu2,
属 shu3 zhu3,数 shu4 shuo4,说 shuo1 shui4,谁 shui2 shei2,宿 su4 xiu3,拓 tuo4 ta4,汤 tang1 shang1,褪 tui4 tun4,尾 wei3 yi3,尉 wei4 yu4,
蔚 wei4 yu4,涡 wo1 guo1,圩 wei2 xu1,洗 xi3 xian3,铣 xi3 xian3,虾 xia1 ha2,吓 xia4 he4,纤 xian1 qian4,削 xue1 xiao1,邪 xie2 ye2,
血 xue4 xie3,叶 ye4 xie2,吁 yu4 xu1,咽 yan4 ye4,殷 yin1 yan1,钥 yao4 yue4,员 yuan2 yun4,约 yue1 yao1,扎 zha1 za1,轧 zha2 ya4 ga2,
咋 za3 zha4,仔 zi3 zai3,择 ze2 zhai2,翟 zhai2 di2,着 zhe5 zhao2 zhuo2,爪 zhao3 zhua3,这 zhe4 zhei4,种 zhong3 chong2,重 zhong4 chong2,
朝 chao2 zhao1,著 zhu4 zhuo2,幢 zhuang4 chuang2,琢 zhuo2 zuo2,柞 zuo4 zha4,嗯 en4,呣 mu2,哼 heng1,歙 she4 xi1,漯 luo4 ta4,泷 long2 shuang1,
渑 mian3 sheng2,莘 shen1 xin1,枞 cong1 zong1,浒 hu3 xu3,筠 yun2 jun1,骠 piao4 biao1,侗 dong4 tong2,峒 dong4 tong2,洞 dong4 tong2,莞 guan3 wan3,
铛 dang1 cheng1,镐 gao3 hao4,澹 tan2 dan4,貉 he2 hao2,俞 yu2 shu4,於 yu1 wu1,宓 mi4 fu2,晟 sheng4 cheng2,呢 ne5 ni2,哪 na3 nei3,那 na4 nei4,
茜 xi1 qian4,裳 shang5 chang2,噱 xue2 jue2,吭 keng1 hang2,拗 ao4 niu4,凹 ao1 wa1,参 can1 shen1 cen1,颤 chan4 zhan4,剿 jiao3 chao1,
嘲 chao2 zhao1,叨 dao1 tao1,徊 huai2 hui2,槛 kan3 jian4,缴 jiao3 zhuo2,藉 ji2 jie4,靓 liang4 jing4,捋 lv3 luo1,姥 lao3 mu3,糜 mi2 mei2,
栅 zha4 shan1,鞘 qiao4 shao1,屯 tun2 zhun1,挝 wo1 zhua1,赚 zhuan4 zuan4,浚 jun4 xun4,柜 gui4 ju3,广 guang3 an1,识 shi2 zhi4,耶 ye1,
宁 ning2,台 tai2,食 shi2,脱 tuo1,佃 dian4,伎 ji4,个 ge4,郴 chen1,港 gang3,行 xing2 hang2,戌 xu1 qu5,彷 pang2 fang3,仿 fang3,亡 wang2 wu2,
吱 zhi1 zi1,迦 jia1,伽 jia1 ga1 qie2,打 da3,石 shi2 dan4,暴 bao4 pu4,瀑 pu4,尺 chi3 che3,坊 fang1,枸 gou3 ju3,桧 gui4 hui4,筴 ce4 jia1,
玢 bin1 fen1,邸 di3,郗 xi1 chi1,隗 kui2 wei3,郇 huan2 xun2,斛 hu2,晁 chao2,逄 pang2,笪 da2,妫 gui1,幺 yao1,覃 qin2 tan2,谌 chen2 shen4,
冼 xian3,佴 nai4 er4,祭 ji4 zhai4,撒 sa3,句 ju4 gou1,尹 yin3,令 ling4,适 shi4 kuo4,折 zhe2 she2,眭 sui1,洪 hong2,秘 mi4 bi4`

// words fix the reading that a character of several readings has in a word;
// the sort key goes by them. Only the readings that differ from the usual one
// are written, by place in the word.
const words = `银行 2hang2,商行 2hang2,支行 2hang2,分行 2hang2,总行 2hang2,车行 2hang2,洋行 2hang2,央行 2hang2,农行 2hang2,建行 2hang2,工行 2hang2,中行 2hang2,
招行 2hang2,交行 2hang2,琴行 2hang2,药行 2hang2,花行 2hang2,布行 2hang2,茶行 2hang2,粮行 2hang2,米行 2hang2,卖行 2hang2,当行 2hang2,易行 2hang2,
器行 2hang2,金行 2hang2,同行 2hang2,行业 1hang2,行长 1hang2 2zhang3,行情 1hang2,行家 1hang2,重庆 1chong2,重阳 1chong2,重组 1chong2,重新 1chong2,
重启 1chong2,会长 2zhang3,市长 2zhang3,校长 2zhang3,事长 2zhang3,部长 2zhang3,成长 2zhang3,家长 2zhang3,店长 2zhang3,局长 2zhang3,院长 2zhang3,
厂长 2zhang3,组长 2zhang3,班长 2zhang3,长孙 1zhang3,长子 1zhang3,长治 1chang2,生长 2zhang3,增长 2zhang3,音乐 2yue4,乐器 1yue4,声乐 2yue4,乐队 1yue4,乐清 1yue4,乐团 1yue4,
民乐 2yue4,器乐 2yue4,乐谱 1yue4,响乐 2yue4,会计 1kuai4,会稽 1kuai4,大厦 2sha4,广厦 2sha4,西藏 2zang4,藏族 1zang4,藏药 1zang4,藏医 1zang4,
六安 1lu4,六合 1lu4,番禺 1pan1,单县 1shan4,调味 1tiao2,调和 1tiao2,调料 1tiao2,空调 2tiao2,调理 1tiao2,协调 2tiao2,弹簧 1tan2,弹性 1tan2,
模具 1mu2,模板 1mu2,率先 1shuai4,尉犁 1yu4,吴堡 2bu3,里堡 2pu4,浚县 1xun4,洪洞 2tong2,铅山 1yan2,乐亭 1lao4,东阿 2e1,阿胶 1e1,秘鲁 1bi4,
龟兹 1qiu1 2ci2,尉迟 1yu4,万俟 1mo4 2qi2,仔细 1zi3,牛仔 2zai3,自传 2zhuan4,传记 1zhuan4,水浒 2hu3,降服 1xiang2,投降 2xiang2,角色 1jue2,
朝阳 1chao2,朝霞 1zhao1,便宜 1pian2,首都 2du1,屏蔽 1ping2,积累 2lei3,色子 1shai3,似的 1shi4,省亲 1xing3,星宿 2xiu4,种姓 1zhong3,参茸 1shen1,
人参 2shen1,海参 2shen1,党参 2shen1,西洋参 3shen1,参差 1cen1 2ci1,出差 2chai1,差旅 1chai1,给予 1ji3,供给 2ji3,勒索 1le4,校对 1jiao4,
校准 1jiao4,供应 1gong1,说服 1shuo1,系带 1ji4,关卡 2qia3,发卡 2qia3,龟裂 1jun1,还是 1hai2,还有 1hai2,畜牧 1xu4,畜产 1xu4,称职 1chen4,
绿林 1lu4,落枕 1lao4,模样 1mu2,强迫 2po4,上当 2dang4,蛤蚧 1ge2,华山 1hua4,什锦 1shi2,什邡 1shi2,冠军 1guan4,澄江 1cheng2,枞阳 1zong1,
莘县 1shen1,莘庄 1xin1,浒关 1xu3,浒墅关 1xu3,台州 1tai1,丽水 1li2,六盘水 1liu4`

// surnames are the readings a character has as a family name, where they
// differ from the usual one.
const surnames = `单 shan4,解 xie4,区 ou1,查 zha1,任 ren2,盖 ge3,朴 piao2,华 hua4,乐 yue4,宁 ning4,牟 mu4,员 yun4,翟 zhai2,召 shao4,折 she2,
秘 bi4,燕 yan1,应 ying1,葛 ge3,过 guo1,哈 ha3,纪 ji3,令 ling2,那 na1,洗 xian3,祭 zhai4,繁 po2,车 che1,柏 bai3,薄 bo2,尉 wei4,隗 wei3,郇 xun2,
句 gou1,莘 shen1,沈 shen3,石 shi2,於 yu1,晟 cheng2,适 kuo4`
