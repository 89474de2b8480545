// Draws the bars of a page of statistics. The table beside them is the truth: without this script nothing is missing.
"use strict";
{
  const box = document.querySelector("[data-chart]");
  const wanted = box && JSON.parse(box.dataset.chart);
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const LIGHT = ["#1758b3", "#2b8a8f", "#8a5a00", "#7a3fa0", "#566172", "#97a2b0"];
  const DARK = ["#6ea8ff", "#5fc7cb", "#f3c766", "#c79bea", "#a3afbd", "#6b7685"];
  let chart = null;
  const draw = () => {
    const dark = document.documentElement.dataset.bsTheme === "dark";
    const text = { color: colour("--tblr-body-color"), fontFamily: "inherit" };
    const axis = { axisLabel: { ...text, hideOverlap: true }, axisLine: { lineStyle: { color: colour("--tblr-border-active-color") } }, splitLine: { lineStyle: { color: colour("--tblr-border-color") } } };
    const narrow = box.clientWidth < 560;
    const several = wanted.parts.length > 1;
    if (chart) chart.dispose();
    chart = echarts.init(box, null, { renderer: "canvas" });
    chart.setOption({
      animation: false,
      color: dark ? DARK : LIGHT,
      tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" }, backgroundColor: colour("--tblr-bg-surface"), textStyle: text },
      legend: { show: several, top: 0, type: "scroll", textStyle: text },
      grid: { left: 8, right: 12, top: several ? 34 : 10, bottom: 4, containLabel: true },
      xAxis: { type: "category", data: wanted.names, ...axis, axisLabel: { ...axis.axisLabel, interval: 0, rotate: narrow || wanted.names.length > 6 ? 38 : 0, width: 96, overflow: "truncate" } },
      yAxis: { type: "value", minInterval: 1, ...axis },
      series: wanted.parts.map((part) => ({ type: "bar", name: part.name, data: part.values, stack: wanted.stacked ? "all" : undefined, barMaxWidth: 38 })),
    });
  };
  if (wanted && window.echarts) {
    draw();
    new ResizeObserver(() => chart.resize()).observe(box);
    new MutationObserver(draw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
  }
}
