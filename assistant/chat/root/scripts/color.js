// In a frame, the colour of the site around: that of buttons and links, lighter or darker where it would not be read.
(function () {
  const given = /^(\d{1,3}),(\d{1,3}),(\d{1,3})$/.exec(new URLSearchParams(location.search).get('color') || '');
  if (!given || !('framed' in document.documentElement.dataset)) return;
  const ENOUGH = 4.6;
  const LIGHT = [255, 255, 255];
  const DARK = [20, 26, 36];

  function luminance(color) {
    const [r, g, b] = color.map((each) => each / 255).map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }
  function contrast(one, other) {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  }
  function mix(color, other, part) {
    return color.map((each, at) => Math.round(each + (other[at] - each) * part));
  }
  // As Chainlit writes colours: hue, saturation, lightness.
  function written(color) {
    const [r, g, b] = color.map((each) => each / 255);
    const [low, high] = [Math.min(r, g, b), Math.max(r, g, b)];
    const [spread, light] = [high - low, (high + low) / 2];
    if (!spread) return `0 0% ${light * 100}%`;
    const turn = high === r ? (g - b) / spread + 6 : high === g ? (b - r) / spread + 2 : (r - g) / spread + 4;
    return `${(turn * 60) % 360} ${(spread / (1 - Math.abs(2 * light - 1))) * 100}% ${light * 100}%`;
  }
  function readable(color, ground) {
    const towards = ground === DARK ? LIGHT : [0, 0, 0];
    for (let part = 0; part <= 1; part += 0.05) {
      const tried = mix(color, towards, part);
      if (contrast(tried, ground) >= ENOUGH) return tried;
    }
    return towards;
  }
  const color = given.slice(1).map((each) => Math.min(255, Number(each)));
  for (const [name, ground] of [['light', LIGHT], ['dark', DARK]]) {
    const shown = readable(color, ground);
    const label = contrast(shown, [0, 0, 0]) > contrast(shown, LIGHT) ? '0 0% 0%' : '0 0% 100%';
    Object.assign(window.theme[name], { '--primary': written(shown), '--ring': written(shown), '--primary-foreground': label });
  }
})();
