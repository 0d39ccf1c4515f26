// Opens a session in one or two tabs.
import { EP001, ep001 } from "../data.mjs";
import { App } from "../pages/app.mjs";

export const TOPIC = "Why Octopuses Dream";
export const ID = "ep_001_20240811_1430";

/** Opens the page of a session with this text. */
export async function oneTab(open, query = "?tab=json", bytes = undefined) {
  const app = await App.open(open);
  await app.drop([{ name: EP001, bytes: bytes ?? (await ep001()) }]);
  await app.visit(`#/sessions/${ID}${query}`);
  await app.session.shown(TOPIC);
  return app;
}

/** Opens a session in two tabs. A background tab renders nothing. */
export async function twoTabs(open, query) {
  const one = await oneTab(open, query);
  const two = await App.open(open, `#/sessions/${ID}${query}`);
  await two.session.shown(TOPIC);
  const inFront = async (app) => {
    await app.page.bringToFront();
    return app;
  };
  const spend = async (app, cost) => {
    await inFront(app);
    await app.session.fillIn("Progress", { Cost: cost });
    await app.session.preview();
    await app.session.apply();
    await app.session.factIs("Cost / budget", `$${Number(cost).toFixed(2)} / $9.00`);
  };
  return { one, two, inFront, spend };
}

/** Stops this tab's messages to other tabs. */
export const mute = (app) =>
  app.page.evaluate(() => {
    BroadcastChannel.prototype.postMessage = () => {};
  });
