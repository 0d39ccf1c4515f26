// A session in one tab, or in two.
import { EP001, ep001 } from "../data.mjs";
import { App } from "../pages/app.mjs";

export const TOPIC = "Why Octopuses Dream";
export const ID = "ep_001_20240811_1430";

/** The page of a session with this text. */
export async function oneTab(open, query = "?tab=json", bytes = undefined) {
  const app = await App.open(open);
  await app.drop([{ name: EP001, bytes: bytes ?? (await ep001()) }]);
  await app.visit(`#/sessions/${ID}${query}`);
  await app.session.shown(TOPIC);
  return app;
}

/** The same session in two tabs; a tab that is behind another draws nothing. */
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

/** From now on this tab tells the others nothing. */
export const mute = (app) =>
  app.page.evaluate(() => {
    BroadcastChannel.prototype.postMessage = () => {};
  });
