"use client";

import init, { Session } from "callboard";
import { useEffect, useState } from "react";

/** A client component: the browser has to load the module first. */
export function Made() {
  const [id, setId] = useState("");
  useEffect(() => {
    init().then(() => {
      setId(Session.initialize({ episode: 2, topic: "tides" }, { now: "2024-08-11T14:30:00Z" }).id);
    });
  }, []);
  return <p id="client">{id}</p>;
}
