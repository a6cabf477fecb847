// A change of one record as a value: what it was and what it will be.

using Crm.Domain.Resources;

namespace Crm.Domain.Work;

/// <param name="Before">Null for a new record.</param>
/// <param name="After">Null for a deleted one.</param>
public readonly record struct RecordChange(ResourceType Type, Resource? Before, Resource? After)
{
    /// <summary>The record after the change, or as it was when it is deleted.</summary>
    public Resource Record => After ?? Before!;
}
