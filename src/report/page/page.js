// SPDX-License-Identifier: Apache-2.0
"use strict";

(function () {
  // Told apart without colour as well, by their dashes.
  const colors = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#5a6675"];
  const dashes = [[], [6, 3], [2, 2], [8, 3, 2, 3], [12, 3], [4, 4], [1, 3]];
  const data = JSON.parse(document.getElementById("data").textContent);
  const grouped = new Intl.NumberFormat("en");
  const short = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

  // The page holds the wall clock of the report's time zone as if it were UTC.
  function moment(seconds) {
    return new Date(seconds * 1000).toISOString().slice(5, 16).replace("T", " ");
  }

  function words(text) {
    return text.length > 22 ? text.slice(0, 21) + "…" : text;
  }

  // A scale of time without the adapter that the library's own one needs.
  function time_scale(days) {
    const step = Math.max(1, Math.ceil(days / 7));
    return {
      type: "linear",
      ticks: {
        maxRotation: 0,
        callback: (value) => moment(value).slice(0, 5),
      },
      afterBuildTicks: (axis) => {
        const day = 86400;
        const ticks = [];
        for (let at = Math.ceil(axis.min / day) * day; at <= axis.max; at += step * day) {
          ticks.push({ value: at });
        }
        if (ticks.length > 1) {
          axis.ticks = ticks;
        }
      },
    };
  }

  function value_scale(title) {
    return { beginAtZero: true, title: { display: true, text: title }, ticks: { callback: (value) => short.format(value) } };
  }

  function tooltip(unit) {
    return {
      callbacks: {
        title: (items) => (typeof items[0].parsed.x === "number" && items[0].dataset.times ? moment(items[0].parsed.x) : items[0].label),
        label: (item) => `${item.dataset.label}: ${short.format(item.dataset.times ? item.parsed.y : item.parsed.x)} ${unit}`,
      },
    };
  }

  function line(label, index, points, more) {
    return Object.assign({
      label: words(label), data: points, times: true, borderColor: colors[index % colors.length],
      backgroundColor: colors[index % colors.length], borderDash: dashes[index % dashes.length],
      borderWidth: 2, pointRadius: points.length > 1 ? 0 : 4, pointHitRadius: 8, tension: 0,
    }, more);
  }

  function options(unit, more, box) {
    return Object.assign({
      animation: false, responsive: true, maintainAspectRatio: false, interaction: { mode: "nearest", intersect: false },
      plugins: { legend: { position: "bottom", labels: Object.assign({ boxWidth: 28, boxHeight: 2 }, box) }, tooltip: tooltip(unit) },
    }, more);
  }

  function draw_tokens(canvas) {
    const series = [["live", "#0072b2"], ["expired", "#e69f00"], ["never_expiring", "#b3261e"]];
    return new Chart(canvas, {
      type: "bar",
      data: {
        labels: data.tokens.labels.map(words),
        datasets: series.map(([name, color]) => ({
          label: name.replace("_", " "), data: data.tokens[name], backgroundColor: color,
        })),
      },
      options: options("tokens", {
        indexAxis: "y",
        scales: { x: Object.assign(value_scale("access tokens"), { stacked: true }), y: { stacked: true, ticks: { autoSkip: false } } },
      }, { boxWidth: 12, boxHeight: 12 }),
    });
  }

  function draw_rates(canvas) {
    return new Chart(canvas, {
      type: "line",
      data: {
        datasets: data.rates.series.map((one, index) => line(one.name, index,
          one.issued.map((issued, hour) => ({ x: data.rates.start + 3600 * hour, y: issued / 3600 })))),
      },
      options: options("a second", { scales: { x: time_scale(7), y: value_scale("tokens a second, by hour") } }),
    });
  }

  function draw_forecast(canvas) {
    const points = (list, key) => list.map((one) => ({ x: one.at, y: one[key] }));
    const { past, future, limit } = data.forecast;
    const all = past.concat(future);
    const datasets = [
      line("tokens", 0, points(past, "tokens"), { borderDash: [] }),
      line("tokens, forecast", 0, points(future, "tokens"), { borderDash: [6, 4] }),
      line("backlog", 1, points(past, "backlog"), { borderDash: [] }),
      line("backlog, forecast", 1, points(future, "backlog"), { borderDash: [6, 4] }),
    ];
    // A limit that is far away would press everything else flat.
    const highest = Math.max(...all.map((one) => one.tokens));
    if (limit > 0 && limit < 4 * highest) {
      datasets.push(line("limit", 6, [{ x: all[0].at, y: limit }, { x: all[all.length - 1].at, y: limit }]));
    }
    const days = all.length > 0 ? (all[all.length - 1].at - all[0].at) / 86400 : 0;
    return new Chart(canvas, {
      type: "line",
      data: { datasets: datasets.filter((one) => one.data.length > 0) },
      options: options("tokens", { scales: { x: time_scale(days), y: value_scale("access tokens") } }),
    });
  }

  const table = document.getElementById("clients");
  const body = table.tBodies[0];
  const search = document.getElementById("search");
  const flag = document.getElementById("flag");
  const count = document.getElementById("count");

  function filter() {
    const wanted = search.value.trim().toLowerCase();
    let shown = 0;
    for (const row of body.rows) {
      const flags = row.dataset.flags.split(" ");
      const fits = row.textContent.toLowerCase().includes(wanted) &&
        (flag.value === "" || (flag.value === "any" ? row.dataset.flags !== "" : flags.includes(flag.value)));
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    count.textContent = `${grouped.format(shown)} of ${grouped.format(body.rows.length)} clients`;
  }

  function sort(header, index) {
    const down = header.getAttribute("aria-sort") !== "descending";
    const numbers = !header.classList.contains("words");
    const key = (row) => row.cells[index].dataset.value ?? row.cells[index].textContent.trim();
    const order = (a, b) => (numbers ? Number(key(a)) - Number(key(b)) : key(b).localeCompare(key(a), "en"));
    for (const other of table.tHead.rows[0].cells) {
      other.removeAttribute("aria-sort");
    }
    header.setAttribute("aria-sort", down ? "descending" : "ascending");
    body.append(...Array.from(body.rows).sort((a, b) => (down ? order(b, a) : order(a, b))));
  }

  Array.from(table.tHead.rows[0].cells).forEach((header, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener("click", () => sort(header, index));
  });
  search.addEventListener("input", filter);
  flag.addEventListener("change", filter);
  document.getElementById("filter").hidden = false;
  filter();

  document.getElementById("charts").hidden = false;
  const charts = [];
  function show(id, draw, points) {
    const canvas = document.getElementById(id);
    if (points > 0) {
      charts.push(draw(canvas));
    } else {
      canvas.parentElement.className = "quiet";
      canvas.parentElement.textContent = "Nothing is known of this yet.";
    }
  }
  show("chart-tokens", draw_tokens, data.tokens.labels.length);
  show("chart-rates", draw_rates, data.rates.series.length);
  show("chart-forecast", draw_forecast, data.forecast.past.length + data.forecast.future.length);
  // Paper has another width than the window.
  window.addEventListener("beforeprint", () => charts.forEach((chart) => chart.resize(640, 260)));
  window.addEventListener("afterprint", () => charts.forEach((chart) => chart.resize()));
})();
