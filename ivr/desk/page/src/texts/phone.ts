// Chinese of the phone in the page.

export const phone = {
  Phone: "话机",
  "in this page": "网页话机",
  "my own phone": "自己的话机",
  off: "未启用",
  "connecting …": "正在连接……",
  online: "在线",
  offline: "离线",
  refused: "注册被拒绝",
  Headset: "耳麦",
  Microphone: "麦克风",
  "Level: speak, and see it move": "音量：请说话，观察变化",
  "Headset or loudspeaker": "耳机或扬声器",
  "A call rings on": "来电振铃设备",
  "Suppress noise and level my voice": "降噪并自动调节音量",
  "the system's own choice": "系统默认",
  "The browser gives no microphone. Allow it for this page.": "浏览器没有提供麦克风，请允许本页面使用。",
  "Loss {loss} %, jitter {jitter} ms, round trip {trip} ms": "丢包 {loss}%，抖动 {jitter} 毫秒，往返 {trip} 毫秒",
  "Test call": "试拨",
  "The page calls a number as a citizen would. This page, another one, or a phone can answer.":
    "网页像市民一样拨打号码，可由本页面、其他页面或话机接听。",
  "Number to dial": "拨打号码",
  Dial: "拨打",
  "Dialling …": "正在拨打……",
  "The hotline has answered": "热线已接通",
  "The call is over": "通话已结束",
} as const;
