/** Relative times of the last day move on while the page stays open. */

const MINUTE = 60, HOUR = 3600, DAY = 86400; // seconds

function refresh(): void {
  const words = document.getElementById("announcer")?.dataset;
  for (const time of document.querySelectorAll<HTMLTimeElement>("time[datetime]")) {
    const age = (Date.now() - Date.parse(time.dateTime)) / 1000;
    if (!words || !(age >= MINUTE && age < DAY)) continue;
    const [pattern, unit] = age < HOUR ? [words.minutes, MINUTE] : [words.hours, HOUR];
    const text = pattern?.replace("{count}", String(Math.floor(age / unit)));
    if (text && time.textContent !== text) time.textContent = text;
  }
}

setInterval(refresh, 30_000);
