// What a post may do to a lead that is known.

namespace Crm.Domain.Leads;

/// <summary>What a post may do to a known lead. Nothing anonymous ever replaces a value.</summary>
public enum MergePolicy
{
    FillEmpty,
    ProposeAll,
}
