// What goes along with a record that a policy takes.

using Crm.Domain.Resources;

namespace Crm.Domain.Retention;

/// <param name="Fact">What it was, for its roll-up; null: it leaves none.</param>
/// <param name="After">What is left of it; null: it is deleted.</param>
readonly record struct AlongRecord(Resource Record, Resource? After, string? Fact);

/// <param name="IsAll">False: there is more, and the record itself has to wait for the next commit.</param>
sealed record GoingAlong(IReadOnlyList<AlongRecord> Records, bool IsAll);
