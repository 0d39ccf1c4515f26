// Four scripted agents. Like a real one, each is a function of the session that returns its result.

/** Finds the sources, which cannot be reached the first time. */
export function researchCoordinator() {
  let calls = 0;
  return async () => {
    calls += 1;
    if (calls === 1) throw Object.assign(new Error("the library did not answer"), { cost: 0.1 });
    return {
      output_file: "research/tides.json",
      cost: 1.4,
      quality_score: 0.92,
      handoff: {
        from: "research_coordinator",
        to: "script_writer",
        data: {
          research_package: "research/tides.json",
          complexity_assessment: "medium",
          key_narratives: ["the moon pulls", "the sea follows"],
          confidence_scores: { physics: 0.95, history: 0.9 },
        },
        validation: { ready_for_script: true },
      },
    };
  };
}

/** Writes the script; if it was sent back, by the feedback of the evaluation. */
export async function scriptWriter(session) {
  const { feedback } = session.data();
  return {
    output_file: feedback ? "scripts/tides_2.md" : "scripts/tides_1.md",
    cost: 0.8,
    quality_score: feedback ? 0.93 : 0.88,
    handoff: {
      from: "script_writer",
      to: "quality_evaluator",
      data: { script_file: "scripts/tides.md", word_count: 3900, estimated_duration: 27, complexity_level: 3 },
      validation: { format_valid: true, ready_for_evaluation: true },
    },
  };
}

/** Judges the script: the first one is not in the brand's voice. */
export async function qualityEvaluator(session) {
  if (session.data().pipeline_state.gate_failures === undefined) {
    const scores = { comprehension: 0.9, brand_consistency: 0.7 };
    return { report: { scores, recommendations: ["say what nobody knows"] }, cost: 0.3 };
  }
  return {
    cost: 0.3,
    metrics: { overall_quality: 0.91, brand_consistency: 0.94 },
    handoff: {
      from: "quality_evaluator",
      to: "audio_synthesizer",
      data: { validated_script: "scripts/tides_2.md", quality_report: "reports/tides.json", approval_status: "PASS" },
      validation: { audio_ready: true },
    },
  };
}

/** Makes the audio. The voice service is down until a person has called them. */
export function audioSynthesizer(service) {
  return async () => {
    if (!service.up) throw new Error("the voice is out of order");
    return { output_file: "audio/tides.mp3", cost: 1.7 };
  };
}
