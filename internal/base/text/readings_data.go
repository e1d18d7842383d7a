package text

// polyphones are the characters with several readings in living use in names,
// places and everyday words (现代汉语词典, without tone-only differences and
// readings of old texts), and those whose first reading in the dictionary is not
// the usual one. The first reading here is the usual one in names; it sorts.
// Readings that occur in few words (大夫, 万俟) or as a family name only (区) are
// in the lists below.
const polyphones = `扒 ba1 pa2,柏 bai3 bo2,蚌 beng4 bang4,薄 bao2 bo2,辟 pi4 bi4,扁 bian3 pian1,泊 bo2 po1,卜 bu3,藏 cang2 zang4,
曾 zeng1 ceng2,差 cha4 chai1 ci1,刹 cha4 sha1,禅 chan2 shan4,长 chang2 zhang3,澄 cheng2 deng4,盛 sheng4 cheng2,
匙 chi2 shi5,臭 chou4 xiu4,畜 chu4 xu4,传 chuan2 zhuan4,椎 zhui1 chui2,绰 chuo4 chao1,伺 si4 ci4,攒 zan3 cuan2,
撮 cuo1 zuo3,单 dan1 shan4 chan2,弹 dan4 tan2,的 de5 di4,调 diao4 tiao2,都 du1,囤 tun2 dun4,恶 e4 wu4,佛 fo2 fu2,
番 fan1 pan1,脯 fu3 pu2,蛤 ha2 ge2,呱 gua1 gu1,龟 gui1 qiu1 jun1,炔 que1,咳 ke2 hai1,还 huan2 hai2,行 xing2 hang2,
巷 xiang4 hang4,会 hui4 kuai4,缉 ji1 qi1,贾 jia3 gu3,茄 qie2 jia1,角 jiao3 jue2,校 xiao4 jiao4,嚼 jiao2 jue2,
觉 jue2 jiao4,劲 jin4 jing4,解 jie3 xie4,桔 ju2 jie2,隽 jun4 juan4,圈 quan1 juan4,咖 ka1 ga1,卡 ka3 qia3,扛 kang2 gang1,
壳 ke2 qiao4,溃 kui4 hui4,烙 lao4 luo4,乐 le4 yue4,勒 le4 lei1,了 le5 liao3,肋 lei4 le4,棱 leng2 ling2,俩 lia3 liang3,
碌 lu4 liu4,纶 lun2 guan1,络 luo4 lao4,蔓 man4 wan4,氓 mang2 meng2,泌 mi4 bi4,俟 si4,缪 miao4 mou2 miu4,娜 na4 nuo2,
粘 zhan1 nian2,弄 nong4 long4,疟 nve4 yao4,刨 pao2 bao4,炮 pao4 bao1,朴 pu3 piao2 po4,埔 pu3 bu4,曝 pu4 bao4,栖 qi1 xi1,
铅 qian1 yan2,乾 qian2 gan1,荨 xun2 qian2,覃 qin2 tan2,仇 qiu2 chou2,塞 sai1 se4,莎 sha1 suo1,厦 xia4 sha4,什 shen2 shi2,
似 si4,谁 shui2 shei2,拓 tuo4 ta4,褪 tui4 tun4,尉 wei4 yu4,蔚 wei4 yu4,涡 wo1 guo1,圩 wei2 xu1,铣 xi3 xian3,削 xue1 xiao1,
邪 xie2 ye2,吁 yu4 xu1,咽 yan4 ye4,殷 yin1 yan1,钥 yao4 yue4,员 yuan2 yun4,扎 zha1 za1,轧 zha2 ya4 ga2,咋 za3 zha4,
仔 zi3 zai3,择 ze2 zhai2,翟 zhai2 di2,着 zhe5 zhao2 zhuo2,爪 zhao3 zhua3,重 zhong4 chong2,朝 chao2 zhao1,著 zhu4 zhuo2,
幢 zhuang4 chuang2,琢 zhuo2 zuo2,柞 zuo4 zha4,嗯 en4,呣 mu2,歙 she4 xi1,漯 luo4 ta4,泷 long2 shuang1,渑 mian3 sheng2,
莘 shen1 xin1,枞 cong1 zong1,浒 hu3 xu3,筠 yun2 jun1,骠 piao4 biao1,侗 dong4 tong2,峒 dong4 tong2,洞 dong4 tong2,
莞 guan3 wan3,铛 dang1 cheng1,镐 gao3 hao4,澹 tan2 dan4,貉 he2 hao2,於 yu1 wu1,宓 mi4 fu2,晟 sheng4,茜 xi1 qian4,
裳 shang5 chang2,噱 xue2 jue2,吭 keng1 hang2,拗 ao4 niu4,凹 ao1 wa1,参 can1 shen1 cen1,颤 chan4 zhan4,剿 jiao3 chao1,
嘲 chao2 zhao1,叨 dao1 tao1,徊 huai2 hui2,槛 kan3 jian4,缴 jiao3 zhuo2,藉 ji2 jie4,靓 liang4 jing4,捋 lv3 luo1,
姥 lao3 mu3,糜 mi2 mei2,栅 zha4 shan1,鞘 qiao4 shao1,屯 tun2 zhun1,挝 wo1 zhua1,赚 zhuan4 zuan4,浚 jun4 xun4,柜 gui4 ju3,
耶 ye1,戌 xu1 qu5,彷 pang2 fang3,伽 jia1 ga1 qie2,枸 gou3 ju3,筴 ce4 jia1,玢 bin1 fen1,郗 xi1 chi1,隗 kui2 wei3,
郇 huan2 xun2,谌 chen2 shen4,佴 nai4,撒 sa3`

// words fix the reading that a character has in a word; the sort key goes by
// them, the search takes them as one more reading. Only the readings that differ from the usual one
// are written, by place in the word.
const words = `银行 2hang2,商行 2hang2,支行 2hang2,分行 2hang2,总行 2hang2,车行 2hang2,洋行 2hang2,央行 2hang2,农行 2hang2,建行 2hang2,工行 2hang2,
中行 2hang2,招行 2hang2,交行 2hang2,琴行 2hang2,药行 2hang2,花行 2hang2,布行 2hang2,茶行 2hang2,粮行 2hang2,米行 2hang2,卖行 2hang2,
当行 2hang2,易行 2hang2,器行 2hang2,金行 2hang2,同行 2hang2,行业 1hang2,行长 1hang2 2zhang3,行情 1hang2,行家 1hang2,重庆 1chong2,
重阳 1chong2,重组 1chong2,重新 1chong2,重启 1chong2,会长 2zhang3,市长 2zhang3,校长 2zhang3,事长 2zhang3,部长 2zhang3,成长 2zhang3,
家长 2zhang3,店长 2zhang3,局长 2zhang3,院长 2zhang3,厂长 2zhang3,组长 2zhang3,班长 2zhang3,长孙 1zhang3,长子 1zhang3,生长 2zhang3,
增长 2zhang3,音乐 2yue4,乐器 1yue4,声乐 2yue4,乐队 1yue4,乐清 1yue4,乐团 1yue4,民乐 2yue4,器乐 2yue4,乐谱 1yue4,响乐 2yue4,会计 1kuai4,
会稽 1kuai4,大厦 2sha4,广厦 2sha4,西藏 2zang4,藏族 1zang4,藏药 1zang4,藏医 1zang4,六安 1lu4,六合 1lu4,番禺 1pan1,单县 1shan4,
调味 1tiao2,调和 1tiao2,调料 1tiao2,空调 2tiao2,调理 1tiao2,协调 2tiao2,弹簧 1tan2,弹性 1tan2,模具 1mu2,模板 1mu2,率先 1shuai4,
尉犁 1yu4,吴堡 2bu3,里堡 2pu4,浚县 1xun4,洪洞 2tong2,铅山 1yan2,乐亭 1lao4,东阿 2e1,阿胶 1e1,秘鲁 1bi4,龟兹 1qiu1 2ci2,尉迟 1yu4,
万俟 1mo4 2qi2,牛仔 2zai3,自传 2zhuan4,传记 1zhuan4,降服 1xiang2,投降 2xiang2,角色 1jue2,朝霞 1zhao1,便宜 1pian2,积累 2lei3,
色子 1shai3,似的 1shi4,省亲 1xing3,星宿 2xiu4,参茸 1shen1,人参 2shen1,海参 2shen1,党参 2shen1,西洋参 3shen1,参差 1cen1 2ci1,
出差 2chai1,差旅 1chai1,给予 1ji3,供给 2ji3,校对 1jiao4,校准 1jiao4,系带 1ji4,关卡 2qia3,发卡 2qia3,龟裂 1jun1,还是 1hai2,还有 1hai2,
畜牧 1xu4,畜产 1xu4,称职 1chen4,绿林 1lu4,落枕 1lao4,模样 1mu2,蛤蚧 1ge2,华山 1hua4,什锦 1shi2,什邡 1shi2,冠军 1guan4,枞阳 1zong1,
莘庄 1xin1,浒关 1xu3,浒墅关 1xu3,台州 1tai1,丽水 1li2,大夫 1dai4,白术 2zhu2,苍术 2zhu2,暖和 2huo5,提防 1di1,忖度 2duo2,亲家 1qing4,
倔强 2jiang4,奇数 1ji1,高句丽 2gou1,萝卜 2bo5,对称 2chen4,匀称 2chen4,相称 2chen4,鸭绿江 2lu4,大乘 2sheng4,小乘 2sheng4,瓦窑堡 3bu3,
柴沟堡 3bu3,阿房宫 1e1,月氏 2zhi1,埋怨 1man2,稽首 1qi3,否极 1pi3,臧否 2pi3,杉木 1sha1,露脸 1lou4,露面 1lou4,柏林 1bo2,省悟 1xing3,
反省 2xing3,屏息 1bing3,暴晒 1pu4,纤夫 1qian4,降龙 1xiang2`

// surnames are the readings a character has as a family name, where they
// differ from the usual one, used as words are at the start of a short name.
const surnames = `单 shan4,解 xie4,区 ou1,查 zha1,任 ren2,盖 ge3,朴 piao2,华 hua4,乐 yue4,宁 ning4,牟 mu4,员 yun4,召 shao4,折 she2,秘 bi4,燕 yan1,
葛 ge3,过 guo1,哈 ha3,纪 ji3,令 ling2,那 na1,洗 xian3,祭 zhai4,繁 po2,薄 bo2,隗 wei3,郇 xun2,句 gou1,晟 cheng2,适 kuo4,
种 chong2`
